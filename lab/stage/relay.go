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

	"chatlab/sniffer/listen"
)

// RelayPort is a port that a Relay listens on.
type RelayPort struct {
	Host  uint16 // where this machine listens; 0: any free port
	Stage uint16 // where the stage's server listens on 127.0.0.1
}

// RelayOptions are the settings of a Relay.
type RelayOptions struct {
	// Host is the address of this machine to listen on, as for listen.TCP. Empty:
	// every interface.
	Host  string
	Ports []RelayPort
	// MaxConns is how many connections are relayed at a time. More wait in the
	// system's backlog until one ends. 0: 512.
	MaxConns int
	// Connected, if it is not nil, is called when a connection inside the stage is
	// established, before a byte is relayed. Calls can be concurrent.
	Connected func(Relayed)
}

// Relayed is a connection that passes through a Relay.
type Relayed struct {
	// Client is the browser's address, of this machine or of another.
	Client netip.AddrPort
	// Port is the client's port inside the stage, which its packets have. It is the
	// browser's own port number if that was free.
	Port uint16
	// Server is the server's port inside the stage.
	Server uint16
}

const defaultMaxConns = 512

// Relay is a TCP proxy by which programs of this machine, browsers above all, reach
// a stage that has a loopback of its own. It listens on this machine, and for each
// connection makes another inside the stage. Packets and ports are the stage's, the
// bytes are the browser's.
//
// One read of the browser's socket is one write inside the stage, so that a message
// is one segment there too. There is one buffer for each direction, so that a slow
// reader slows down the other side. A half-closed connection goes on in the other
// direction. A reset of one side resets the other.
type Relay struct {
	stage     Stage
	options   RelayOptions
	listeners []net.Listener // of options.Ports; none on the host stage
	addresses []netip.AddrPort
	slots     chan struct{} // one for each connection

	mu     sync.Mutex
	conns  map[*relayedConn]struct{}
	closed bool
	wg     sync.WaitGroup
}

// OpenRelay listens on all ports of o, or on none: if one cannot be had the error is a
// *listen.Refused. The host stage needs no relay, as its ports are this machine's. For it
// OpenRelay listens on nothing, and Addr returns the stage's own addresses.
func OpenRelay(s Stage, o RelayOptions) (*Relay, error) {
	if o.MaxConns <= 0 {
		o.MaxConns = defaultMaxConns
	}
	r := &Relay{stage: s, options: o, slots: make(chan struct{}, o.MaxConns), conns: make(map[*relayedConn]struct{})}
	for _, p := range o.Ports {
		if s.Name() == Host {
			r.addresses = append(r.addresses, netip.AddrPortFrom(netip.AddrFrom4(loopbackAddress), p.Stage))
			continue
		}
		l, err := listen.TCP(o.Host, p.Host)
		if err != nil {
			r.Close()
			return nil, err
		}
		r.listeners = append(r.listeners, l)
		r.addresses = append(r.addresses, l.Addr().(*net.TCPAddr).AddrPort())
	}
	return r, nil
}

// Addr returns the address of the port with index i in the options.
func (r *Relay) Addr(i int) netip.AddrPort { return r.addresses[i] }

// Serve relays until ctx is done or the relay is closed. Then it resets all
// connections and returns. It returns an error only if it cannot accept any more.
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

// Close stops listening and resets all connections. It may be called more than once.
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
				r.serveConn(ctx, c.(*net.TCPConn), server)
			})
			continue
		}
		<-r.slots
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		// The connection was gone before it was accepted, or no descriptor is left.
		// Try again a little later.
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

// serveConn relays one connection to the end.
func (r *Relay) serveConn(ctx context.Context, client *net.TCPConn, server uint16) {
	from := client.RemoteAddr().(*net.TCPAddr).AddrPort()
	inside, err := r.dial(ctx, from.Port(), server)
	if err != nil {
		// A refused connection is reset, as it would be without the relay.
		resetConn(client)
		return
	}
	p := &relayedConn{client: client, inside: inside}
	if !r.add(p) {
		p.reset()
		return
	}
	defer r.remove(p)
	if f := r.options.Connected; f != nil {
		f(Relayed{Client: from, Port: uint16(inside.LocalAddr().(*net.TCPAddr).Port), Server: server})
	}
	p.relay()
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

func (r *Relay) add(p *relayedConn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.conns[p] = struct{}{}
	return true
}

func (r *Relay) remove(p *relayedConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, p)
}
