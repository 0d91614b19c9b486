package stage

import (
	"context"
	"errors"
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
	// MaxConns is how many connections are relayed at a time. When there are so many,
	// whoever comes gets one for another that ends, or is refused: see admission.
	// 0: 512, or fewer where the process may not have enough descriptors open.
	MaxConns int
	// Now tells how long a client has been silent. nil: time.Now.
	Now func() time.Time
}

// affordable is how many connections are relayed at a time by a process that may have so
// many descriptors open, 0 if that is not known. A connection takes three: both of the
// relay's own and the server's. Half are left to the rest of the process.
func affordable(descriptors uint64) int {
	if descriptors == 0 {
		return 512
	}
	return int(max(1, min(512, descriptors/2/3)))
}

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
	admission admission
	clients   relayedClients
	wg        sync.WaitGroup
}

// OpenRelay listens on all ports of o, or on none: if one cannot be had the error is a
// *listen.Refused. The host stage needs no relay, as its ports are this machine's. For it
// OpenRelay listens on nothing, and Addr returns the stage's own addresses.
func OpenRelay(s Stage, o RelayOptions) (*Relay, error) {
	if o.MaxConns <= 0 {
		o.MaxConns = affordable(descriptors())
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Relay{stage: s, options: o}
	r.admission = admission{most: o.MaxConns, now: o.Now, conns: make(map[*relayedConn]struct{})}
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

// Client gives the address, of this machine or of another, from which somebody uses the
// connection between two ports inside the stage. It is known as long as the connection
// is, from before it is made, and for the next 4096 that end afterwards.
func (r *Relay) Client(port, server uint16) (addr netip.AddrPort, known bool) {
	return r.clients.client(relayedPort{port, server})
}

// Serve relays until ctx is done or the relay is closed. Then it resets all
// connections and returns.
func (r *Relay) Serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { r.Close() })
	defer stop()
	var accepting sync.WaitGroup
	for i, l := range r.listeners {
		accepting.Go(func() { r.accept(ctx, l, r.options.Ports[i].Stage) })
	}
	if len(r.listeners) == 0 {
		<-ctx.Done()
	}
	accepting.Wait()
	r.Close()
	r.wg.Wait()
}

// Close stops listening and resets all connections. It may be called more than once.
func (r *Relay) Close() error {
	for _, l := range r.listeners {
		l.Close()
	}
	r.admission.close()
	return nil
}

func (r *Relay) accept(ctx context.Context, l net.Listener, server uint16) {
	var pause time.Duration
	for {
		c, err := l.Accept()
		if err == nil {
			pause = 0
			r.begin(ctx, c.(*net.TCPConn), server)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		// The connection was gone before it was accepted, or no descriptor is left.
		// Try again a little later.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// begin begins to relay a connection, if it is admitted.
func (r *Relay) begin(ctx context.Context, client *net.TCPConn, server uint16) {
	from := client.RemoteAddr().(*net.TCPAddr).AddrPort()
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	now := r.options.Now
	p := &relayedConn{client: client, place: place(from.Addr()), now: now, since: now()}
	if !r.admission.admit(p) {
		p.reset()
		return
	}
	r.wg.Go(func() {
		defer r.admission.remove(p)
		r.serveConn(ctx, p, from, server)
	})
}

// serveConn relays one connection to the end.
func (r *Relay) serveConn(ctx context.Context, p *relayedConn, from netip.AddrPort, server uint16) {
	inside, port, err := r.dial(ctx, from, server)
	if err != nil {
		// A refused connection is reset, as it would be without the relay.
		p.reset()
		return
	}
	defer r.clients.end(port)
	if p.join(inside) {
		p.relay()
	}
}

// maxTries is how many ports are tried for a connection inside.
const maxTries = 100

// dial connects inside the stage, from the browser's own port number or from the next
// above that is free there. The port's end is the caller's if there is no error.
func (r *Relay) dial(ctx context.Context, client netip.AddrPort, to uint16) (inside halfCloser, port relayedPort, err error) {
	err = syscall.EADDRINUSE
	port = relayedPort{client.Port(), to}
	for tries := 0; tries < maxTries; port.from++ {
		if port.from < 1024 || !r.clients.claim(port, client) {
			if port.from+1 == client.Port() {
				break // all are taken
			}
			continue
		}
		tries++
		var c net.Conn
		if c, err = r.stage.Dial(ctx, port.from, to); err == nil {
			return c.(halfCloser), port, nil
		}
		r.clients.end(port)
		if !errors.Is(err, syscall.EADDRINUSE) && !errors.Is(err, syscall.EADDRNOTAVAIL) {
			break
		}
	}
	return nil, port, err
}
