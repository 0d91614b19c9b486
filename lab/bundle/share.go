package bundle

import (
	"net"
	"net/netip"
	"sync"
)

// maxOfAddress is how many connections to the page one address may have at a time. A
// class of two hundred behind one address, or a tunnel, has fewer.
const maxOfAddress = 2048

// shared is a listener of which no address has more than its share, so that one machine
// cannot take all the descriptors that the lesson has. Whoever has as many is refused, by
// closing what they have connected.
type shared struct {
	net.Listener
	most int // of an address

	mu  sync.Mutex
	has map[netip.Addr]int
}

func share(l net.Listener, most int) *shared {
	return &shared{Listener: l, most: most, has: map[netip.Addr]int{}}
}

// Accept implements net.Listener.
func (l *shared) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		remote, err := netip.ParseAddrPort(c.RemoteAddr().String())
		if err != nil {
			return c, nil
		}
		from := remote.Addr().Unmap()
		if l.take(from) {
			return &ofShare{Conn: c, give: sync.OnceFunc(func() { l.give(from) })}, nil
		}
		c.Close()
	}
}

func (l *shared) take(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.has[from] >= l.most {
		return false
	}
	l.has[from]++
	return true
}

func (l *shared) give(from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.has[from]--; l.has[from] == 0 {
		delete(l.has, from)
	}
}

// ofShare is a connection that counts until it is closed.
type ofShare struct {
	net.Conn
	give func()
}

// Close implements net.Conn.
func (c *ofShare) Close() error {
	c.give()
	return c.Conn.Close()
}
