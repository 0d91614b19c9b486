package dissect

import "chatlab/sniffer/tcp"

// scales are the window scales that the two SYNs offered.
type scales [2]struct {
	known  bool // the side's SYN was captured
	offers bool
	shift  uint8
}

func (s *scales) note(from Side, options []byte) {
	s[from].known, s[from].offers = true, false
	for o := range tcp.Options(options) {
		if shift, ok := o.WindowScale(); ok {
			s[from].shift, s[from].offers = min(shift, tcp.MaxWindowScale), true
			return
		}
	}
}

// Scaling is what is known of how a side's windows count.
type Scaling int

// The ways.
const (
	ScaleUnknown Scaling = iota // a SYN that would tell was not captured
	Unscaled                    // a SYN came without the option: windows count as they are
	Scaled                      // both SYNs had it
)

// Scaling tells how the windows of a side's segments count, and the shift where
// they are scaled. Those of its SYN never are (RFC 7323 §2.2).
func (c *Conversation) Scaling(s Side) (Scaling, uint8) {
	for i := range c.scales {
		if c.scales[i].known && !c.scales[i].offers {
			return Unscaled, 0
		}
	}
	// A server offers a scale to who offered one, and to no other.
	if c.scales[s].known && (s == Server || c.scales[Server].known) {
		return Scaled, c.scales[s].shift
	}
	return ScaleUnknown, 0
}
