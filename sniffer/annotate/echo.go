package annotate

import (
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// A socket of Linux that knows a timestamp of the other side before it connects
// sends it as TSecr, and sizes its segments for the timestamps that are to come: so
// the first window is a multiple of mss less the option's aligned size
// (tcp_connect_init, tcp_select_initial_window in net/ipv4/tcp_output.c).
const alignedTimestamps = 12

// defaultMSS is what a side accepts that announces nothing (RFC 9293 §3.7.1). Of a
// smaller mss many a window is a multiple by chance.
const defaultMSS = 536

// echo comments a SYN that echoes a timestamp although none came before it.
func echo(c *Comment, e *dissect.Event) {
	var mss, val, ecr uint32
	for o := range tcp.Options(e.Segment.Options) {
		if size, ok := o.MaximumSegmentSize(); ok {
			mss = uint32(size)
		}
		if v, r, ok := o.Timestamps(); ok {
			val, ecr = v, r
		}
	}
	if ecr == 0 {
		return
	}
	// Two machines have two clocks: only of one machine is a difference an age.
	oneClock := e.Conversation.Client.Addr() == e.Conversation.Server.Addr()
	if ticks := tcp.Distance(ecr, val); oneClock && ticks > 0 {
		c.say("syn.echo.age", "ecr", ecr, "ticks", ticks)
	} else {
		c.say("syn.echo", "ecr", ecr)
	}
	window := uint32(e.Segment.Window)
	if mss < defaultMSS || window == 0 || window%(mss-alignedTimestamps) != 0 {
		return
	}
	c.say("syn.echo.window", "window", window, "times", window/(mss-alignedTimestamps), "mss", mss, "less", alignedTimestamps)
}
