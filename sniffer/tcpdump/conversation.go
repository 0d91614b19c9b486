package tcpdump

import "encoding/binary"

// A conversation holds where the sequence numbers of a connection's two sides
// started: seq of the side that the key names first, ack of the other.
type conversation struct{ seq, ack uint32 }

// conversations remembers where sequence numbers started, by connection, as
// tcp_seq_hash4 and tcp_seq_hash6 in print-tcp.c do. tcpdump forgets none;
// here the memory is bounded: a conversation is forgotten when half a million
// others have come since its last segment.
type conversations struct {
	recent [256]recentConversation
	v4     generations[[12]byte]
	v6     generations[[36]byte]
}

// recentConversation is a place of the small table in front of the maps: most
// segments belong to a conversation of which one came just before.
type recentConversation struct {
	key  [12]byte
	conv *conversation
}

const maxConversations = 1 << 19

func newConversations() *conversations {
	c := &conversations{}
	c.v4.bound, c.v6.bound = maxConversations, maxConversations
	return c
}

// find4 returns the conversation with a key and whether it was known. A key is
// the two addresses and the two ports, the lower port's side first.
func (c *conversations) find4(key *[12]byte) (*conversation, bool) {
	h := binary.LittleEndian.Uint64(key[:])*0x9e3779b97f4a7c15 ^ uint64(binary.LittleEndian.Uint32(key[8:]))*0xc2b2ae3d27d4eb4f
	r := &c.recent[h>>56]
	if r.conv != nil && r.key == *key {
		return r.conv, true
	}
	conv, known := c.v4.find(*key)
	r.key, r.conv = *key, conv
	return conv, known
}

func (c *conversations) find6(key *[36]byte) (*conversation, bool) { return c.v6.find(*key) }

// generations is a map that forgets: when the newer half holds bound of them the
// older one is dropped.
type generations[K comparable] struct {
	newer, older map[K]*conversation
	bound        int
}

func (g *generations[K]) find(key K) (*conversation, bool) {
	if conv := g.newer[key]; conv != nil {
		return conv, true
	}
	conv, known := g.older[key], true
	if conv == nil {
		conv, known = new(conversation), false
	}
	if g.newer == nil || len(g.newer) >= g.bound {
		g.older, g.newer = g.newer, make(map[K]*conversation)
	}
	g.newer[key] = conv
	return conv, known
}
