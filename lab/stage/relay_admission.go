package stage

import (
	"net/netip"
	"sync"
	"time"
)

// silence is how long a client may send nothing and keep its connection though others
// wait for one. A browser in the chat sends something every ten seconds.
const silence = 30 * time.Second

// admission decides who has one of a relay's connections. While there are enough it is
// whoever comes. When there are no more, one that has never sent anything ends, or one
// of the address that has most: so an address that takes all it can get takes them from
// nobody but itself, and a class behind one address still has hundreds.
type admission struct {
	most int
	now  func() time.Time

	mu     sync.Mutex
	conns  map[*relayedConn]struct{}
	closed bool
}

// admit reports whether p gets a connection. If another's ends for it, that is reset.
func (a *admission) admit(p *relayedConn) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false
	}
	if len(a.conns) >= a.most {
		out := a.unseat(p)
		if out == nil {
			return false
		}
		delete(a.conns, out)
		out.reset()
	}
	a.conns[p] = struct{}{}
	return true
}

// unseat gives the connection that ends for p, or nil.
func (a *admission) unseat(p *relayedConn) *relayedConn {
	has := map[netip.Prefix]int{p.place: 1}
	most := 1
	for c := range a.conns {
		has[c.place]++
		most = max(most, has[c.place])
	}
	enough := a.now().Add(-silence)
	if c := a.longest(func(c *relayedConn) bool { return !c.heard() }); c != nil && !c.last().After(enough) {
		return c
	}
	if has[p.place] < most {
		return a.longest(func(c *relayedConn) bool { return has[c.place] == most })
	}
	if c := a.longest(func(c *relayedConn) bool { return c.place == p.place }); c != nil && !c.last().After(enough) {
		return c
	}
	return nil
}

// longest gives, of the connections that are so, the one that has been silent longest.
func (a *admission) longest(is func(*relayedConn) bool) (found *relayedConn) {
	for c := range a.conns {
		if is(c) && (found == nil || c.last().Before(found.last())) {
			found = c
		}
	}
	return found
}

func (a *admission) remove(p *relayedConn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.conns, p)
}

// close ends all connections, and admits none any more.
func (a *admission) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for p := range a.conns {
		p.reset()
	}
}

// place is where a client counts as being: its IPv4 address, or its network of IPv6,
// of which a host has as many addresses as it likes.
func place(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}
