package class

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"

	"chatlab/sniffer/tcp"
)

// Likeness is one thing that captures have in common and that two captures of one's own
// do not.
type Likeness string

// The likenesses, the surest first.
const (
	SameFile    Likeness = "file"    // byte for byte
	SamePackets Likeness = "packets" // by sequence number, TCP timestamp and IP identification
	SameKey     Likeness = "key"     // Sec-WebSocket-Key
	SameMasks   Likeness = "masks"   // masking keys
	SameNumbers Likeness = "numbers" // initial sequence numbers
	SameStamps  Likeness = "stamps"  // TCP timestamps
	SameIDs     Likeness = "ids"     // IP identifications
	SameTimes   Likeness = "times"   // the pauses between packets
)

var likenesses = []Likeness{SameFile, SamePackets, SameKey, SameMasks, SameNumbers, SameStamps, SameIDs, SameTimes}

const (
	// gaps is how many pauses in a row are compared as one, and run how many TCP
	// timestamps.
	gaps, run = 3, 4
	// maxRuns is how many runs of one conversation are compared, of each kind.
	maxRuns = 64
	// alike is the part of two captures' times that must be equal, in percent, and
	// fewest how many there must be.
	alike, fewest = 40, 5
)

// sign is one thing that two captures may have in common.
type sign struct {
	kind  Likeness
	value string
}

// signs gives the signs of a capture whose newcomer was client. Only that one
// conversation counts: who captures at the same time on the same machine has
// everybody's packets.
func (f *fingerprint) signs(client netip.AddrPort) (all []sign) {
	// A key that comes again in one capture is a script's constant.
	if key := f.keys[client]; key != "" && !f.again(client, key) {
		all = append(all, sign{SameKey, key})
	}
	masks := f.masks[client]
	for i := 1; i < min(len(masks), maxRuns); i++ {
		all = append(all, sign{SameMasks, string(masks[i-1][:]) + string(masks[i][:])})
	}
	n := f.numbers(client)
	// One timestamp may be another's, where they are the host's milliseconds.
	for i := run; i <= min(len(n.stamps), maxRuns); i++ {
		all = append(all, sign{SameStamps, joinNumbers(n.stamps[i-run : i]...)})
	}
	if len(n.isn[0]) > 0 && len(n.isn[1]) > 0 {
		all = append(all, sign{SameNumbers, joinNumbers(n.isn[0][0], n.isn[1][0])})
	}
	// A connection's ids count up from one of 65536 numbers: of two hundred
	// students two will have the same, but not on both sides.
	if len(n.ids[0]) == 4 && len(n.ids[1]) > 1 {
		all = append(all, sign{SameIDs, joinNumbers(append(n.ids[0], n.ids[1][:2]...)...)})
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
		if p.server {
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

// pauses gives the runs of pauses between the packets of client's conversation.
// They do not change when all times are shifted. Where the capture's clock has
// milliseconds only they say nothing.
func (f *fingerprint) pauses(client netip.AddrPort) map[uint64]bool {
	runs := map[uint64]bool{}
	own := f.of(client)
	for i := gaps; i < len(own) && len(runs) < 16*maxRuns; i++ {
		h := fnv.New64a()
		var b [8]byte
		fine := 0
		for j := i - gaps; j < i; j++ {
			pause := own[j+1].at - own[j].at
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
