package annotate

import (
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// handshakeStep names a segment of the handshake, the i-th from 0.
func handshakeStep(i int) catalogue.Message {
	return texts.Message("step.tcp-handshake", "n", i+1)
}

// handshake comments a segment of the handshake, and the options of a SYN.
func (a *Annotator) handshake(c *Comment, e *dissect.Event) {
	seq := e.Segment.Seq
	scale := "syn.wscale"
	switch e.Kind {
	case dissect.HandshakeSYN:
		if n := e.Segment.Length; n > 0 {
			c.say("syn.data", "seq", seq, "length", n)
		} else {
			c.say("syn", "seq", seq)
		}
	case dissect.HandshakeSYNACK:
		c.say("synack", "seq", seq, "ack", e.Segment.Ack)
		scale = "synack.wscale"
	case dissect.HandshakeACK:
		if a.ack(e) == 1 {
			c.say("opened")
		} else {
			c.say("opened.absolute")
		}
		return
	}
	for o := range tcp.Options(e.Segment.Options) {
		if mss, ok := o.MaximumSegmentSize(); ok {
			c.say("syn.mss", "mss", mss)
		}
		if shift, ok := o.WindowScale(); ok {
			c.say(scale, "scale", shift, "unit", 1<<min(shift, tcp.MaxWindowScale))
		}
	}
	if e.Kind == dissect.HandshakeSYN {
		echo(c, e)
	}
}
