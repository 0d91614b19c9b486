package compare

import (
	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Place is what is known of the network that a capture comes from: which
// values it can have had in common with the loopback of 2014.
type Place struct {
	// Options: MTU and buffers are those of 2014, so that mss and wscale must
	// be equal, and the SYN+ACK's window.
	Options bool
	// Exact: so are the clocks and the counter of IP ids.
	Exact bool
	// Earlier are the packets that were captured before those held against the
	// documented ones. The connection of the earlier browser begins among them.
	Earlier []Packet
}

// Field says of one field in how many packets it is as documented.
type Field struct {
	Name  string `json:"-"`
	Equal int    `json:"equal"`
	Of    int    `json:"of"`
	// Must is how many of the packets must be equal in the field; MustEqual is
	// how many of those are.
	Must      int `json:"must"`
	MustEqual int `json:"must_equal"`
}

// Right tells whether the field is as documented wherever it can be.
func (f *Field) Right() bool { return f.MustEqual == f.Must }

// Difference is one field of one packet that is not as documented.
type Difference struct {
	Packet     int    `json:"packet"` // its number in the documented capture, from 1
	Field      string `json:"field"`
	Documented string `json:"documented"`
	Got        string `json:"got"`
	// ByNature is true where it cannot be equal.
	ByNature bool `json:"by_nature"`
}

// Comparison is a capture held against the documented one, packet by packet.
type Comparison struct {
	Captured    int          // packets
	Documented  int          // that are documented
	Extra       int          // captured ones without a documented counterpart
	ExtraAcks   int          // those of them that only acknowledge
	Missing     []int        // documented ones without a captured counterpart
	Fields      []Field      // in the order of fields
	Differences []Difference // in the order of the packets
	// Bytes are those of the documented packets, from the IP header on;
	// IdenticalBytes are as many of them as the captured counterparts have in the
	// same place.
	Bytes, IdenticalBytes int
}

// Right tells whether everything that can be as documented is so.
func (c *Comparison) Right() bool {
	for i := range c.Fields {
		if !c.Fields[i].Right() {
			return false
		}
	}
	return c.Extra == 0 && len(c.Missing) == 0
}

// Documented gives what is compared of the 19 documented packets.
func Documented() ([]Packet, error) {
	_, documented, err := all()
	return documented, err
}

// all gives the scenario's packets: those of the earlier browser, and the documented
// ones.
func all() (earlier, documented []Packet, err error) {
	packets, err := scenario.Packets(true)
	if err != nil {
		return nil, nil, err
	}
	var segment dissect.Segment
	var tracker dissect.Tracker
	for i := range packets {
		if err := segment.Decode(&packets[i]); err != nil {
			return nil, nil, err
		}
		documented = append(documented, PacketOf(tracker.Add(&segment)))
	}
	return documented[:scenario.EarlierCount], documented[scenario.EarlierCount:], nil
}

// packet counts the fields of documented packet number n, and of its captured
// counterpart or nil.
func (c *Comparison) packet(n int, d, got *Packet, had *had) {
	for k, f := range fields {
		if f.applies != nil && !f.applies(d) {
			continue
		}
		count := &c.Fields[k]
		count.Of++
		must := f.must(d, had)
		if must {
			count.Must++
		}
		switch {
		case got == nil:
		case f.equal(d, got):
			count.Equal++
			if must {
				count.MustEqual++
			}
		default:
			c.Differences = append(c.Differences, Difference{n, f.name, f.text(d), f.text(got), !must})
		}
	}
	c.Bytes += len(d.Bytes)
	if got != nil {
		for i, b := range d.Bytes[:min(len(d.Bytes), len(got.Bytes))] {
			if b == got.Bytes[i] {
				c.IdenticalBytes++
			}
		}
	}
}

// Packets holds what was captured against what is documented.
func Packets(documented, captured []Packet, place Place) *Comparison {
	c := &Comparison{Captured: len(captured), Documented: len(documented)}
	for _, f := range fields {
		c.Fields = append(c.Fields, Field{Name: f.name})
	}
	had := look(captured, place)
	partner := align(documented, captured)
	matched := make([]bool, len(captured))
	for i, d := range documented {
		var got *Packet
		if j := partner[i]; j >= 0 {
			got, matched[j] = &captured[j], true
		} else {
			c.Missing = append(c.Missing, i+1)
		}
		c.packet(i+1, &d, got, had)
	}
	for j, ok := range matched {
		if ok {
			continue
		}
		c.Extra++
		if captured[j].Flags == tcp.ACK && captured[j].Length == 0 {
			c.ExtraAcks++
		}
	}
	return c
}
