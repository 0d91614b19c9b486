package stage

import (
	"net/netip"
	"sync"
)

// relayedPort is a connection inside a stage, by its two ports.
type relayedPort struct{ from, to uint16 }

// relayedClient is whose a connection inside a stage is.
type relayedClient struct {
	client netip.AddrPort
	live   bool
	ended  uint64 // which end of a connection its own was, from 1; 0: none yet
}

// maxEnded is how many connections are remembered that have ended. Who reads what was
// captured of them, or accepts them late, still asks whose they were.
const maxEnded = 4096

// relayedClients knows whose the connections are that a relay makes inside a stage. A
// connection is known before it is made, and its port is nobody else's until it is
// forgotten: so the answer is right whenever it is asked for.
type relayedClients struct {
	mu    sync.Mutex
	known map[relayedPort]relayedClient
	ended []relayedPort // the last ones, oldest first
	ends  uint64
}

// claim takes a port for a client's connection, if it is neither in use nor known as
// another's.
func (r *relayedClients) claim(p relayedPort, client netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.known[p]; ok && (c.live || c.client != client) {
		return false
	}
	if r.known == nil {
		r.known = make(map[relayedPort]relayedClient)
	}
	r.known[p] = relayedClient{client: client, live: true}
	return true
}

// end says that the connection of a port that was claimed is over, or did not come
// about.
func (r *relayedClients) end(p relayedPort) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ends++
	r.known[p] = relayedClient{client: r.known[p].client, ended: r.ends}
	r.ended = append(r.ended, p)
	if len(r.ended) <= maxEnded {
		return
	}
	// It may be in use again, or have ended again.
	if c := r.known[r.ended[0]]; c.ended == r.ends-maxEnded {
		delete(r.known, r.ended[0])
	}
	r.ended = r.ended[1:]
}

func (r *relayedClients) client(p relayedPort) (netip.AddrPort, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.known[p]
	return c.client, ok
}
