package evidence

import (
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// gaps follows which bytes of a conversation passed and were not captured: a
// program that captures and is too slow loses packets in the middle.
type gaps struct {
	inside [2]int    // bytes of the side that are missing where others of it came behind them
	top    [2]uint32 // one after the highest byte of the side that came
	fin    [2]uint32 // where the side's FIN is, which counts as a byte, or 0
	acked  [2]uint32 // what the other side has acknowledged of it
}

// add takes the next packet.
func (g *gaps) add(p *Packet, e *dissect.Event) {
	from, to := p.From, p.From.Other()
	if e.Lost > 0 {
		if p.Length > 0 && tcp.Before(g.top[from], p.Seq) {
			g.inside[from] += int(e.Lost)
		} else {
			g.inside[to] += int(e.Lost)
		}
	}
	if p.Kind != dissect.KeepAlive && p.Length > 0 && tcp.Before(g.top[from], p.End()) {
		g.top[from] = p.End()
	}
	if p.Flags&tcp.FIN != 0 {
		g.fin[from] = p.End()
	}
	if p.Flags&(tcp.ACK|tcp.RST) == tcp.ACK && tcp.Before(g.acked[to], e.RelAck) {
		g.acked[to] = e.RelAck
	}
}

// late notes that bytes given up for lost came after all.
func (g *gaps) late(p *Packet) { g.inside[p.From] -= p.Length }

// of tells whether bytes of a side passed and were not captured. Those behind
// its last captured packet are known by their acknowledgement.
func (g *gaps) of(side dissect.Side) bool {
	top := max(g.top[side], 1) // where its first byte is
	if g.fin[side] == top {
		top++
	}
	return g.inside[side] > 0 || tcp.Before(top, g.acked[side])
}
