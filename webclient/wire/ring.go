package wire

import "slices"

// ring keeps the newest packets, bounded by number and bytes. Packets are
// numbered from 1 as they come.
type ring struct {
	items                []*Packet // items[0] is the oldest
	first                int64     // its number
	bytes                int
	maxPackets, maxBytes int
}

func (r *ring) add(p *Packet) {
	if r.first == 0 {
		r.first = 1
	}
	r.items = append(r.items, p)
	r.bytes += p.size()
	drop := 0
	for len(r.items)-drop > 1 && (len(r.items)-drop > r.maxPackets || r.bytes > r.maxBytes) {
		r.bytes -= r.items[drop].size()
		r.items[drop] = nil // append moves what is left when it needs room
		drop++
	}
	r.items = r.items[drop:]
	r.first += int64(drop)
}

// next is the number that the next packet will have.
func (r *ring) next() int64 { return max(r.first, 1) + int64(len(r.items)) }

// from returns a copy of up to n packets from that number on, and how many before
// them are dropped.
func (r *ring) from(number int64, n int) (items []*Packet, lost int64) {
	first := max(r.first, 1)
	if number < first {
		lost = first - number
		number = first
	}
	i := min(int(number-first), len(r.items))
	return slices.Clone(r.items[i:min(i+n, len(r.items))]), lost
}
