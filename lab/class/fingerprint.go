package class

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// maxPackets bounds the packets of one capture that are compared with others': a
// mebibyte of memory.
const maxPackets = 1 << 15

// fingerprint is what makes a capture unlike any other.
type fingerprint struct {
	packets []packet
	traits  []trait // of the packets, in their order, each once
	clients map[netip.AddrPort]int32
	keys    map[netip.AddrPort]string // Sec-WebSocket-Key, by client
	masks   map[netip.AddrPort][][4]byte
	played  map[netip.AddrPort]bool // by the lab
}

// trait is what tells a packet from all others, whatever its time and ports are
// changed to.
type trait struct {
	seq   uint32
	stamp uint32 // TSval, or 0
	id    uint16
}

func traitOf(p *evidence.Packet) trait { return trait{p.WireSeq, p.TSVal, p.ID} }

func (t trait) compare(other trait) int {
	return cmp.Or(cmp.Compare(t.seq, other.seq), cmp.Compare(t.stamp, other.stamp), cmp.Compare(t.id, other.id))
}

// packet is what is kept of a packet.
type packet struct {
	trait
	flags  tcp.Flags
	server bool  // sent it
	client int32 // of its conversation, as numbered in clients
	at     int64 // microseconds since 1970: other formats cut the rest off
}

// newFingerprint takes what is nobody else's of a capture: nothing of what the lab
// played, no example, and no masking key that comes again in it.
func newFingerprint(c *evidence.Capture) fingerprint {
	f := fingerprint{
		clients: map[netip.AddrPort]int32{}, keys: map[netip.AddrPort]string{},
		masks: map[netip.AddrPort][][4]byte{}, played: map[netip.AddrPort]bool{},
	}
	times := map[[4]byte]int{}
	for _, t := range c.Conversations {
		for _, key := range maskingKeys(t) {
			times[key]++
		}
	}
	for _, t := range c.Conversations {
		if f.played[t.Client] = isPlayed(t); f.played[t.Client] {
			continue
		}
		number, ok := f.clients[t.Client]
		if !ok {
			number = int32(len(f.clients))
			f.clients[t.Client] = number
		}
		for _, p := range t.Packets {
			if len(f.packets) < maxPackets && !scripted().packets[traitOf(p)] {
				f.packets = append(f.packets, packet{traitOf(p), p.Flags, p.From == dissect.Server, number, p.Time.UnixMicro()})
			}
		}
		if t.Key != "" && !isExampleKey(t.Key) {
			f.keys[t.Client] = t.Key
		}
		for _, key := range maskingKeys(t) {
			if times[key] == 1 && !isExampleMask(key) {
				f.masks[t.Client] = append(f.masks[t.Client], key)
			}
		}
	}
	for i := range f.packets {
		f.traits = append(f.traits, f.packets[i].trait)
	}
	slices.SortFunc(f.traits, trait.compare)
	f.traits = slices.Compact(f.traits)
	return f
}

func maskingKeys(c *evidence.Conversation) (keys [][4]byte) {
	for _, u := range c.Units {
		if u.IsFrame() && u.Frame.Masked {
			keys = append(keys, u.Frame.Key)
		}
	}
	return keys
}

// of gives the packets of client's conversation.
func (f *fingerprint) of(client netip.AddrPort) (own []*packet) {
	number, ok := f.clients[client]
	for i := range f.packets {
		if p := &f.packets[i]; ok && p.client == number {
			own = append(own, p)
		}
	}
	return own
}

// alien counts the packets of f that are not of other, whatever their times and ports
// are now.
func (f *fingerprint) alien(other *fingerprint) (n int) {
	i := 0
	for _, t := range f.traits {
		for i < len(other.traits) && other.traits[i].compare(t) < 0 {
			i++
		}
		if i == len(other.traits) || other.traits[i] != t {
			n++
		}
	}
	return n
}

// within tells whether all packets of f, but for one in a hundred, are packets of
// other.
func (f *fingerprint) within(other *fingerprint) bool {
	return f.alien(other)*100 <= len(f.traits)
}

// joinNumbers joins numbers to one text.
func joinNumbers(parts ...uint32) string {
	b := make([]byte, 0, 4*len(parts))
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, p)
	}
	return string(b)
}
