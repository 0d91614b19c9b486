package dissect

import (
	"slices"

	"chatlab/sniffer/tcp"
)

// maxGaps bounds the gaps of one direction whose bytes may still come.
const maxGaps = 64

// gap is a run of bytes that passed, for others came behind them or they were
// acknowledged, and that the capture does not have. It may have them later: where
// several processors capture, packets change places.
type gap struct {
	start, end uint32
	inFrame    bool // it is within the payload of one frame
}

// gaps are those of one direction, the newest last.
type gaps struct {
	list    []gap
	missing int // bytes that were in a gap and have not been read since
}

func (g *gaps) add(n gap) {
	if len(g.list) == maxGaps {
		g.list = slices.Delete(g.list, 0, 1)
	}
	g.list = append(g.list, n)
	g.missing += tcp.Distance(n.start, n.end)
}

// fill takes the bytes from start to end out of the list. It gives how many of
// them were in a gap, and whether that was within a frame.
func (g *gaps) fill(start, end uint32) (n int, inFrame bool) {
	for i := 0; i < len(g.list); i++ {
		old := g.list[i]
		if !tcp.Before(old.start, end) || !tcp.Before(start, old.end) {
			continue
		}
		inFrame = inFrame || old.inFrame
		var left []gap
		if tcp.Before(old.start, start) {
			left = append(left, gap{old.start, start, old.inFrame})
			old.start = start
		}
		if tcp.Before(end, old.end) {
			left = append(left, gap{end, old.end, old.inFrame})
			old.end = end
		}
		n += tcp.Distance(old.start, old.end)
		g.list = slices.Replace(g.list, i, i+1, left...)
		i += len(left) - 1
	}
	return n, inFrame
}

// Missing gives how many bytes of a side have passed and could not be read: the
// other side has acknowledged them, or others came behind them, and the capture
// does not have them, or has them so late that they are only part of a frame. A
// FIN counts as a byte. What a short snaplen cut off does not count.
func (c *Conversation) Missing(side Side) int {
	s := &c.streams[side]
	n := s.gaps.missing
	if s.known && tcp.Before(s.next, s.acked) {
		n += tcp.Distance(s.next, s.acked)
		if s.ends && tcp.Before(s.fin, s.acked) {
			n-- // the FIN was captured
		}
	}
	return n
}
