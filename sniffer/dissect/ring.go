package dissect

import "chatlab/sniffer/tcp"

const (
	maxUnacked = 64
	// keptPayload bounds what is kept of a unit's payload until it is
	// acknowledged, in bytes.
	keptPayload = 256
)

// ring keeps copies of a direction's units that are not acknowledged yet. When
// it is full the oldest is forgotten.
type ring struct {
	units []Unit
	first int
	n     int
}

func (r *ring) push(u *Unit) {
	if len(r.units) < maxUnacked && r.n == len(r.units) {
		// The ring grows while it is straight, so that a quiet conversation
		// costs little.
		if r.first != 0 {
			r.straighten()
		}
		r.units = append(r.units, Unit{})
	}
	if r.n == len(r.units) {
		r.first, r.n = (r.first+1)%len(r.units), r.n-1
	}
	slot := r.at(r.n)
	keep := slot.Frame.Payload[:0]
	*slot = *u
	slot.Frame.Raw = nil
	slot.Frame.Message = nil
	slot.Frame.Payload = append(keep, u.Frame.Payload[:min(len(u.Frame.Payload), keptPayload)]...)
	if len(u.Frame.Payload) > keptPayload {
		slot.Frame.Cut = true
	}
	r.n++
	// A unit that comes late is acknowledged before those behind it.
	for i := r.n - 1; i > 0 && tcp.Before(r.at(i).End, r.at(i-1).End); i-- {
		*r.at(i), *r.at(i - 1) = *r.at(i - 1), *r.at(i)
	}
}

// at gives the i-th oldest unit.
func (r *ring) at(i int) *Unit { return &r.units[(r.first+i)%len(r.units)] }

func (r *ring) straighten() {
	units := make([]Unit, len(r.units), len(r.units)+1)
	for i := range r.units {
		units[i] = *r.at(i)
	}
	r.units, r.first = units, 0
}

// pop moves the oldest unit to the end of out if it ends at or before ack. The
// copy shares its payload with the ring until the next push.
func (r *ring) pop(ack uint32, out []Unit) ([]Unit, bool) {
	if r.n == 0 || tcp.Before(ack, r.units[r.first].End) {
		return out, false
	}
	out = append(out, r.units[r.first])
	r.first, r.n = (r.first+1)%len(r.units), r.n-1
	return out, true
}
