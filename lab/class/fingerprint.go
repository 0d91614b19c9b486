package class

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"strings"
	"time"

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
	packets []print
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

// print is what is kept of a packet.
type print struct {
	trait
	time     time.Time
	src, dst netip.AddrPort
	flags    tcp.Flags
}

func (f *fingerprint) add(s *dissect.Segment) {
	if len(f.packets) >= maxPackets {
		return
	}
	toServer := s.Dst.Port() == scenario.ServerPort
	if !toServer && s.Src.Port() != scenario.ServerPort {
		return
	}
	p := print{trait{s.Seq, stamp(s.Options), s.ID}, s.Packet.Time, s.Src, s.Dst, s.Flags}
	if scripted().packets[p.trait] {
		return
	}
	f.packets = append(f.packets, p)
	if !toServer {
		return
	}
	if f.keys == nil {
		f.keys, f.masks = map[netip.AddrPort]string{}, map[netip.AddrPort][][4]byte{}
	}
	if key := header(s.Payload, "sec-websocket-key:"); key != "" && !scripted().keys[key] {
		f.keys[s.Src] = key
	}
	if h := dissect.ParseFrameHeader(s.Payload); h.Valid() && h.Masked && !scripted().masks[h.Key] {
		f.masks[s.Src] = append(f.masks[s.Src], h.Key)
	}
}

// header gives the value of a field in a request. The name is in lower case,
// with its colon.
func header(request []byte, name string) string {
	if len(request) < 4 || string(request[:4]) != "GET " {
		return ""
	}
	for line := range strings.SplitSeq(string(request), "\r\n") {
		if len(line) > len(name) && strings.EqualFold(line[:len(name)], name) {
			return strings.TrimSpace(line[len(name):])
		}
	}
	return ""
}

// stamp gives the TSval of the timestamps option, or 0.
func stamp(options []byte) uint32 {
	for o := range tcp.Options(options) {
		if value, _, ok := o.Timestamps(); ok {
			return value
		}
	}
	return 0
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
	if len(n.isn[0]) > 0 && len(n.isn[1]) > 0 {
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
func (f *fingerprint) of(client netip.AddrPort) []*print {
	var own []*print
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
