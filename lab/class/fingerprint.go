package class

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"time"

	"chatlab/lab/check/evidence"
	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

const (
	// maxPackets bounds the packets of one capture that are compared with others'.
	maxPackets = 1 << 16
	// gaps is how many pauses in a row are compared as one.
	gaps = 3
	// run is how many TCP timestamps in a row are compared as one, maxRuns how
	// many runs of one conversation are.
	run, maxRuns = 4, 64
	// alike is the part of two captures' pauses that must be equal, in percent,
	// and fewest how many there must be.
	alike, fewest = 40, 5
)

// fingerprint is what makes a capture unlike any other.
type fingerprint struct {
	packets []packet
	keys    map[netip.AddrPort]string // Sec-WebSocket-Key, by client
	masks   map[netip.AddrPort][][4]byte
}

// trait is what tells a packet from all others, whatever its time and ports are
// changed to.
type trait struct {
	seq   uint32
	stamp uint32 // TSval, or 0
	id    uint16
}

// packet is what is kept of a packet.
type packet struct {
	trait
	time     time.Time
	src, dst netip.AddrPort
	flags    tcp.Flags
}

func newFingerprint(c *evidence.Capture) fingerprint {
	f := fingerprint{keys: map[netip.AddrPort]string{}, masks: map[netip.AddrPort][][4]byte{}}
	for _, t := range c.Conversations {
		for _, p := range t.Packets {
			made := packet{trait{p.WireSeq, p.TSVal, p.ID}, p.Time, t.Client, t.Server, p.Flags}
			if p.From == dissect.Server {
				made.src, made.dst = t.Server, t.Client
			}
			if len(f.packets) < maxPackets && !scripted().packets[made.trait] {
				f.packets = append(f.packets, made)
			}
		}
		if t.Key != "" && !scripted().keys[t.Key] {
			f.keys[t.Client] = t.Key
		}
		for _, key := range maskingKeys(t) {
			if !scripted().masks[key] {
				f.masks[t.Client] = append(f.masks[t.Client], key)
			}
		}
	}
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

// sign is one thing that two captures may have in common and that two captures
// of one's own do not.
type sign struct {
	kind  Likeness
	value string
}

// signs gives the signs of a capture whose newcomer was client. Only that one
// conversation counts: who captures at the same time on the same machine has
// everybody's packets.
func (f *fingerprint) signs(client netip.AddrPort) []sign {
	var all []sign
	add := func(kind Likeness, parts ...uint32) {
		b := make([]byte, 0, 4*len(parts))
		for _, p := range parts {
			b = binary.BigEndian.AppendUint32(b, p)
		}
		all = append(all, sign{kind, string(b)})
	}
	// A key that comes again in one capture is a script's constant.
	if key := f.keys[client]; key != "" && !f.again(client, key) {
		all = append(all, sign{SameKey, key})
	}
	masks := f.masks[client]
	for i := 1; i < min(len(masks), maxRuns); i++ {
		if masks[i-1] != masks[i] {
			add(SameMasks, binary.BigEndian.Uint32(masks[i-1][:]), binary.BigEndian.Uint32(masks[i][:]))
		}
	}
	n := f.numbers(client)
	// One timestamp may be another's, where they are the host's milliseconds.
	for i := run; i <= min(len(n.stamps), maxRuns); i++ {
		add(SameStamps, n.stamps[i-run:i]...)
	}
	if len(n.isn[0]) > 0 && len(n.isn[1]) > 0 && !(scripted().numbers[n.isn[0][0]] && scripted().numbers[n.isn[1][0]]) {
		add(SameNumbers, n.isn[0][0], n.isn[1][0])
	}
	// A connection's ids count up from one of 65536 numbers: of two hundred
	// students two will have the same, but not on both sides.
	if len(n.ids[0]) == 4 && len(n.ids[1]) > 1 {
		add(SameIDs, append(n.ids[0], n.ids[1][:2]...)...)
	}
	if port := client.Port(); port != scenario.NewcomerPort && port != scenario.EarlierPort {
		add(SamePorts, uint32(port))
	}
	return all
}

// hostNumbers are those that the hosts of a conversation chose, the client's first.
type hostNumbers struct {
	isn    [2][]uint32 // initial sequence numbers
	ids    [2][]uint32 // of IP, the first four
	stamps []uint32    // the client's TCP timestamps
}

func (f *fingerprint) numbers(client netip.AddrPort) (n hostNumbers) {
	for _, p := range f.of(client) {
		side := 0
		if p.src != client {
			side = 1
		}
		if p.flags&tcp.SYN != 0 {
			n.isn[side] = append(n.isn[side], p.seq)
		}
		if p.id != 0 && len(n.ids[side]) < 4 {
			n.ids[side] = append(n.ids[side], uint32(p.id))
		}
		if side == 0 && p.stamp != 0 {
			n.stamps = append(n.stamps, p.stamp)
		}
	}
	return n
}

// again tells whether another than client sent the same Sec-WebSocket-Key.
func (f *fingerprint) again(client netip.AddrPort, key string) bool {
	for other, k := range f.keys {
		if other != client && k == key {
			return true
		}
	}
	return false
}

// of gives the packets of client's conversation.
func (f *fingerprint) of(client netip.AddrPort) []*packet {
	var own []*packet
	for i := range f.packets {
		if p := &f.packets[i]; p.src == client || p.dst == client {
			own = append(own, p)
		}
	}
	return own
}

// pauses gives the runs of pauses between the packets of client's conversation.
// They do not change when all times are shifted. Where the capture's clock has
// milliseconds only they say nothing.
func (f *fingerprint) pauses(client netip.AddrPort) map[uint64]bool {
	runs := map[uint64]bool{}
	own := f.of(client)
	for i := gaps; i < len(own); i++ {
		h := fnv.New64a()
		var b [8]byte
		fine := 0
		for j := i - gaps; j < i; j++ {
			// Another format may have cut the nanoseconds off.
			pause := own[j+1].time.Truncate(time.Microsecond).Sub(own[j].time.Truncate(time.Microsecond)) / time.Microsecond
			if pause%1000 != 0 {
				fine++
			}
			binary.BigEndian.PutUint64(b[:], uint64(pause))
			h.Write(b[:])
		}
		if fine > 1 {
			runs[h.Sum64()] = true
		}
	}
	return runs
}
