package check

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
	doubleWithin = 100 * time.Millisecond
	doubleSlots  = 1 << 10
)

// first is a packet that was seen for the first time.
type first struct {
	talk *talk
	at   int // the index of its record
	time time.Time
}

// doubles finds packets that were captured more than once.
type doubles struct {
	seed  maphash.Seed
	index map[uint64]int
	ring  []first
	keys  []uint64
	next  int
}

// look gives where a packet was seen first. If that is nowhere the place is
// empty and to be filled.
func (d *doubles) look(s *dissect.Segment) *first {
	if d.index == nil {
		d.seed, d.index = maphash.MakeSeed(), map[uint64]int{}
		d.ring, d.keys = make([]first, doubleSlots), make([]uint64, doubleSlots)
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
	key := h.Sum64()
	if i, ok := d.index[key]; ok {
		if since := s.Packet.Time.Sub(d.ring[i].time).Abs(); since <= doubleWithin && d.ring[i].talk != nil {
			return &d.ring[i]
		}
		d.ring[i] = first{}
		return &d.ring[i]
	}
	i := d.next
	d.next = (d.next + 1) % doubleSlots
	if old, ok := d.index[d.keys[i]]; ok && old == i {
		delete(d.index, d.keys[i])
	}
	d.index[key], d.keys[i], d.ring[i] = i, key, first{}
	return &d.ring[i]
}
