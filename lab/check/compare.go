package check

import (
	"bytes"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// Place is what is known of the network that a capture comes from: which
// values it can have had in common with the loopback of 2014.
type Place struct {
	// Options: MTU and buffers are those of 2014, so that mss and wscale must
	// be equal, and the SYN+ACK's window.
	Options bool
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
	Packets     int          // that were captured
	Documented  int          // that are documented
	Extra       int          // captured ones without a documented counterpart
	ExtraAcks   int          // those of them that only acknowledge
	Missing     []int        // documented ones without a captured counterpart
	Fields      []Field      // in the order of fields
	Differences []Difference // in the order of the packets
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
func Documented() ([]Seen, error) {
	packets, err := scenario.Packets(true)
	if err != nil {
		return nil, err
	}
	var segment dissect.Segment
	var tracker dissect.Tracker
	var seen []Seen
	for i := range packets {
		if err := segment.Decode(&packets[i]); err != nil {
			return nil, err
		}
		e := tracker.Add(&segment)
		if i >= scenario.EarlierCount {
			seen = append(seen, See(e))
		}
	}
	return seen, nil
}

// Compare holds what was captured against what is documented.
func Compare(documented, captured []Seen, place Place) *Comparison {
	c := &Comparison{Packets: len(captured), Documented: len(documented)}
	for _, f := range fields {
		c.Fields = append(c.Fields, Field{Name: f.name})
	}
	partner := align(documented, captured)
	matched := make([]bool, len(captured))
	for i, d := range documented {
		var got *Seen
		if j := partner[i]; j >= 0 {
			got, matched[j] = &captured[j], true
		} else {
			c.Missing = append(c.Missing, i+1)
		}
		for k, f := range fields {
			if f.applies != nil && !f.applies(&d) {
				continue
			}
			count := &c.Fields[k]
			count.Of++
			must := f.must(&d, place)
			if must {
				count.Must++
			}
			if got != nil && f.equal(&d, got) {
				count.Equal++
				if must {
					count.MustEqual++
				}
			} else if got != nil {
				c.Differences = append(c.Differences, Difference{i + 1, f.name, f.text(&d), f.text(got), !must})
			}
		}
	}
	for j, ok := range matched {
		if ok {
			continue
		}
		c.Extra++
		if captured[j].Flags == dissect.ACK && captured[j].Length == 0 {
			c.ExtraAcks++
		}
	}
	return c
}

// align gives for each documented packet the index of its captured counterpart,
// or -1: a longest common subsequence of packets that agree in direction,
// flags, numbers and length, and in the gaps what stands in the same place.
func align(documented, captured []Seen) []int {
	n, m := len(documented), len(captured)
	same := func(i, j int) bool {
		a, b := &documented[i], &captured[j]
		return a.From == b.From && a.To == b.To && a.Flags == b.Flags && a.Seq == b.Seq && a.Ack == b.Ack && a.Length == b.Length
	}
	longest := make([][]int, n+1)
	for i := range longest {
		longest[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(i, j) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	partner := make([]int, n)
	for i := range partner {
		partner[i] = -1
	}
	gapI, gapJ := 0, 0
	closeGap := func(i, j int) {
		for gapI < i && gapJ < j {
			partner[gapI] = gapJ
			gapI, gapJ = gapI+1, gapJ+1
		}
		gapI, gapJ = i+1, j+1
	}
	i, j := 0, 0
	for i < n && j < m {
		switch {
		case same(i, j):
			closeGap(i, j)
			partner[i] = j
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	closeGap(n, m)
	return partner
}

func samePayload(a, b *Seen) bool { return bytes.Equal(a.Payload, b.Payload) }
