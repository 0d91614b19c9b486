package check

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// Noise says how many packets are outside the conversation for one reason.
type Noise struct {
	Reason  catalogue.Message
	Packets int
}

// noises are the texts for what is outside, in the order of a report.
var noises = []string{
	"noise.conversations", "noise.ports", "noise.foreign", "noise.fragment", "noise.malformed",
	"noise.encrypted", "noise.aggregate", "noise.short", "noise.unexamined",
}

// undecoded are those for what the dissector's errors say; what is not here is no
// TCP at all.
var undecoded = map[error]string{
	dissect.ErrFragment: "noise.fragment", dissect.ErrMalformed: "noise.malformed", dissect.ErrCut: "noise.short",
	dissect.ErrProtected: "noise.encrypted", dissect.ErrAggregate: "noise.aggregate",
}

// outside counts the packets of a capture besides those that are judged, by what
// they are.
func outside(c *evidence.Capture, judged int) (all []Noise) {
	o := &c.Outside
	packets := map[string]int{"noise.conversations": -judged, "noise.ports": o.OtherPorts, "noise.unexamined": o.Unexamined}
	for _, t := range c.Conversations {
		packets["noise.conversations"] += len(t.Packets)
	}
	var unread []dissect.LinkTypeError
	for err, n := range o.Undecoded {
		if t, ok := err.(dissect.LinkTypeError); ok {
			unread = append(unread, t)
		} else if key := undecoded[err]; key != "" {
			packets[key] += n
		} else {
			packets["noise.foreign"] += n
		}
	}
	for _, key := range noises {
		if packets[key] > 0 {
			all = append(all, Noise{texts.Check.Message(key), packets[key]})
		}
	}
	slices.Sort(unread)
	for _, t := range unread {
		all = append(all, Noise{texts.Check.Message("noise.linktype", "type", t.Name()), o.Undecoded[t]})
	}
	return all
}
