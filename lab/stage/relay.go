package stage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// RelayPort is a port that a Relay offers.
type RelayPort struct {
	Host  uint16 // where this machine listens; 0: any free port
	Stage uint16 // where the stage's server listens on 127.0.0.1
}

// RelayOptions say what a Relay offers, and to whom.
type RelayOptions struct {
	// Host is the address of this machine to listen on, as for ListenHost: the
	// empty one stands for every interface.
	Host  string
	Ports []RelayPort
	// MaxConns is how many connections are relayed at a time; 0 stands for 512.
	// Further ones wait in the system's backlog until one ends.
	MaxConns int
	// Connected is called when a connection inside the stage stands, before a
	// byte is passed on. It may be nil. Calls can come at the same time.
	Connected func(Relayed)
}

// Relayed is a connection that passes through a Relay.
type Relayed struct {
	// Client is the browser's end, an address of this machine or of the network.
	Client netip.AddrPort
	// Port is the port that plays the browser's part in the stage: the one that
	// its packets show. It is the browser's own port number if that was free.
	Port uint16
	// Server is the port inside the stage that it speaks to.
	Server uint16
}

const defaultMaxConns = 512

// Relay lets programs of this machine, a browser above all, take part in a stage
// that has a loopback of its own: listeners on this machine hand the bytes to
// connections made inside the stage, and back. Packets and ports belong to the
// stage, the bytes to the browser.
//
// What one read of the browser's socket gives is one write inside the stage, so
// that a message is a segment there too. Nothing is kept but one buffer for each
// direction: who reads slowly makes the other side wait. A half-closed
// connection goes on in the other direction; a reset is passed on as a reset.
type Relay struct {
	stage     Stage
	options   RelayOptions
	listeners []net.Listener // as options.Ports; nil entries need no relay
	addresses []netip.AddrPort
	slots     chan struct{} // one for each connection

	mu     sync.Mutex
	conns  map[*relayedPair]struct{}
	closed bool
	wg     sync.WaitGroup
}

// OpenRelay listens on every port of o, or on none: where one is taken the
// error is a *Taken. The host stage needs no relay, as its ports are this
// machine's; for it OpenRelay listens on nothing, and Addr gives the stage's own
// addresses.
func OpenRelay(s Stage, o RelayOptions) (*Relay, error) {
	if o.MaxConns <= 0 {
		o.MaxConns = defaultMaxConns
	}
	r := &Relay{stage: s, options: o, slots: make(chan struct{}, o.MaxConns), conns: make(map[*relayedPair]struct{})}
	for _, p := range o.Ports {
		if s.Name() == Host {
			r.addresses = append(r.addresses, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), p.Stage))
			continue
		}
		l, err := ListenHost(o.Host, p.Host)
		if err != nil {
			r.Close()
			return nil, err
		}
		r.listeners = append(r.listeners, l)
		r.addresses = append(r.addresses, l.Addr().(*net.TCPAddr).AddrPort())
	}
	return r, nil
}

// Addr gives where the port number i of the options is to be reached.
func (r *Relay) Addr(i int) netip.AddrPort { return r.addresses[i] }

// Serve relays until ctx is done or the relay is closed, and returns when no
// connection is left: those that stand are reset. It returns an error only if
// it can accept no more.
func (r *Relay) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { r.Close() })
	defer stop()
	var accepting sync.WaitGroup
	for i, l := range r.listeners {
		accepting.Go(func() {
			if err := r.accept(ctx, l, r.options.Ports[i].Stage); err != nil {
				cancel(err)
			}
		})
	}
	if len(r.listeners) == 0 {
		<-ctx.Done()
	}
	accepting.Wait()
	r.Close()
	r.wg.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, ctx.Err()) {
		return err
	}
	return nil
}

// Close ends the relay: nothing listens any more, and the connections that it
// carried are reset. It may be called more than once.
func (r *Relay) Close() error {
	for _, l := range r.listeners {
		l.Close()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for p := range r.conns {
		p.reset()
	}
	return nil
}

func (r *Relay) accept(ctx context.Context, l net.Listener, server uint16) error {
	var pause time.Duration
	for {
		select {
		case r.slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		c, err := l.Accept()
		if err == nil {
			pause = 0
			r.wg.Go(func() {
				defer func() { <-r.slots }()
				r.carry(ctx, c.(*net.TCPConn), server)
			})
			continue
		}
		<-r.slots
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		// A connection gone before it was accepted, or no descriptor left: some
		// will be free again.
		if pause = max(2*pause, 5*time.Millisecond); pause > time.Second {
			return fmt.Errorf("relay: %w", err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// carry relays one connection to the end.
func (r *Relay) carry(ctx context.Context, client *net.TCPConn, server uint16) {
	from := client.RemoteAddr().(*net.TCPAddr).AddrPort()
	inside, err := r.dial(ctx, from.Port(), server)
	if err != nil {
		// To the browser it is as if it had met the stage's refusal itself.
		abort(client)
		return
	}
	p := &relayedPair{client: client, inside: inside}
	if !r.add(p) {
		p.reset()
		return
	}
	defer r.remove(p)
	if f := r.options.Connected; f != nil {
		f(Relayed{Client: from, Port: uint16(inside.LocalAddr().(*net.TCPAddr).Port), Server: server})
	}
	p.carry()
}

// dial connects inside the stage, from the browser's own port number if that is
// free there.
func (r *Relay) dial(ctx context.Context, from, to uint16) (halfCloser, error) {
	c, err := r.stage.Dial(ctx, from, to)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EADDRNOTAVAIL) {
		c, err = r.stage.Dial(ctx, 0, to)
	}
	if err != nil {
		return nil, err
	}
	return c.(halfCloser), nil
}

func (r *Relay) add(p *relayedPair) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.conns[p] = struct{}{}
	return true
}

func (r *Relay) remove(p *relayedPair) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, p)
}
