package play

import (
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// OpenExact opens a stage on which Live plays the documented capture to the byte.
func OpenExact() (stage.Stage, error) {
	r := stage.Recording{LinkType: capture.LinuxSLL, LinkHeader: scenario.LinkHeader()}
	for _, s := range scenario.Documented() {
		syn := s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN
		if syn {
			seed := seeds[s.From]
			seed.Port, seed.At, seed.Slower = s.From, s.Time, tickMilliseconds
			r.Stacks = append(r.Stacks, seed)
		}
		recorded := stage.Recorded{Time: s.Time, From: s.From, To: s.To, Data: len(s.Payload) > 0, ID: s.ID}
		if syn {
			recorded.SYNEcr = s.TSEcr
		}
		r.Segments = append(r.Segments, recorded)
	}
	return stage.OpenReenactment(r)
}

// tickMilliseconds is how long a tick of the timestamps of 2014 took: there were 250
// a second. Those of a stack in user space count milliseconds, and so its clock goes
// so many times slower.
const tickMilliseconds = 4

// seeds are the secrets and the clocks that give the documented numbers, by the
// client's port. They were searched for: see TestSearchSeeds.
var seeds = map[uint16]stage.Seed{
	scenario.EarlierPort:  {Sequence: 625317559, Timestamp: 460490, Clock: 587067900659414 * time.Nanosecond},
	scenario.NewcomerPort: {Sequence: 6151171427, Timestamp: 1288721, Clock: 3187011335082560 * time.Nanosecond},
}
