package class

import (
	"net/netip"
	"slices"
)

// Packets that pass many machines, or a machine on which many work, may be captured
// there by everyone. Then the packets are the same and the captures are no copies. That
// shows in the times, which each machine takes by itself, and in what each captured
// around these packets.

const (
	// maxTimed is how many packets of a conversation have their times compared, and
	// maxRecordings how many recordings of one conversation are told apart.
	maxTimed, maxRecordings = 256, 64
	// sameClock is how far apart two captures' times are, at most, that one machine
	// took, in microseconds.
	sameClock = 1000
)

// recording is a capture's conversation that is held against others'.
type recording struct {
	*fingerprint
	times map[trait]int64
	most  int64 // how much times may differ, in microseconds
}

func newRecording(f *fingerprint, client netip.AddrPort) *recording {
	r := &recording{f, map[trait]int64{}, 1000}
	for _, p := range f.of(client) {
		if len(r.times) == maxTimed {
			break
		}
		if r.times[p.trait] = p.at; p.at%1000 != 0 { // the clock has microseconds
			r.most = 1
		}
	}
	return r
}

// later gives by how many microseconds the packets that two recordings share are later
// in other; even tells whether it is the same for all of them, or nothing tells that it
// is not.
func (r *recording) later(other *recording) (median int64, shared int, even bool) {
	var all []int64
	for t, at := range r.times {
		if its, ok := other.times[t]; ok {
			all = append(all, its-at)
		}
	}
	if len(all) == 0 {
		return 0, 0, true
	}
	slices.Sort(all)
	median = all[len(all)/2]
	near := 0
	for _, d := range all {
		if most := max(r.most, other.most); d-median <= most && median-d <= most {
			near++
		}
	}
	return median, len(all), len(all) < fewest || near*100 >= alike*len(all)
}

// apart tells whether two captures with the same packets were recorded each by itself:
// by two clocks, or by one clock and each with packets that the other lacks.
func (r *recording) apart(other *recording) bool {
	later, shared, even := r.later(other)
	return shared > 0 && (!even || later <= sameClock && -later <= sameClock && !r.within(other.fingerprint) && !other.within(r.fingerprint))
}

// mayBeOwn tells whether two captures with the same packets of a conversation that
// several recorded by themselves may be two recordings: then everyone could record it,
// and having the same of it, by the same clock, proves nothing unless it is all the same.
func (r *recording) mayBeOwn(other *recording) bool {
	later, shared, even := r.later(other)
	return shared > 0 && (!even || later <= sameClock && -later <= sameClock && !slices.Equal(r.traits, other.traits))
}

// part parts captures: each is with the first from which it is not apart. any tells
// whether some are apart.
func part(who []int, apart func(a, b int) bool) (parts [][]int, any bool) {
next:
	for _, i := range who {
		for j := range parts {
			if !apart(parts[j][0], i) {
				parts[j] = append(parts[j], i)
				continue next
			}
			any = true
		}
		if len(parts) < maxRecordings {
			parts = append(parts, []int{i})
		}
	}
	return parts, any
}
