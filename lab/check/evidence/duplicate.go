package evidence

import (
	"encoding/binary"
	"hash/maphash"
	"time"

	"chatlab/sniffer/dissect"
)

// A packet that passes two interfaces, or leaves and comes in on one, is
// captured twice by -i any. Both copies have the same IP identification and TCP
// header; a retransmission has neither (new id, new timestamp), and comes later.
const (
	duplicateWithin = 100 * time.Millisecond
	duplicateSlots  = 1 << 10
)

// original is a packet that was captured for the first time.
type original struct {
	conversation *Conversation
	packet       *Packet
}

// duplicates finds packets that were captured more than once, among the last
// duplicateSlots different ones.
type duplicates struct {
	seed   maphash.Seed
	recent map[uint64]original // by hash
	slots  []uint64            // the hashes in recent, the oldest at next
	next   int
}

// hash tells packets apart by what does not change on their way.
func (d *duplicates) hash(s *dissect.Segment) uint64 {
	if d.recent == nil {
		d.seed, d.recent, d.slots = maphash.MakeSeed(), map[uint64]original{}, make([]uint64, duplicateSlots)
	}
	var h maphash.Hash
	h.SetSeed(d.seed)
	src, dst := s.Src.Addr().As16(), s.Dst.Addr().As16()
	h.Write(src[:])
	h.Write(dst[:])
	var id [2]byte
	binary.BigEndian.PutUint16(id[:], s.ID)
	h.Write(id[:])
	data := s.Packet.Data
	h.Write(data[s.Transport : s.Transport+16]) // the checksum may have been filled in between
	h.Write(data[s.Transport+18:])
	return h.Sum64()
}

// find gives the packet of which s is a copy.
func (d *duplicates) find(hash uint64, s *dissect.Segment) (first original, ok bool) {
	first, ok = d.recent[hash]
	return first, ok && s.Packet.Time.Sub(first.packet.Time).Abs() <= duplicateWithin
}

// keep remembers a packet of which there may be copies.
func (d *duplicates) keep(hash uint64, first original) {
	if _, ok := d.recent[hash]; !ok {
		delete(d.recent, d.slots[d.next])
		d.slots[d.next] = hash
		d.next = (d.next + 1) % len(d.slots)
	}
	d.recent[hash] = first
}
