package render

import (
	"strconv"

	"chatlab/lab/check"
	"chatlab/sniffer/catalogue"
)

// row is a packet in a list of them, or heartbeats that follow one another: a chat
// that is left alone has four of them every ten seconds.
type row struct {
	check.Packet // the first
	packets      int
	last         *check.Packet
}

// rows folds what belongs to heartbeats alone.
func rows(all []check.Packet) (rows []row) {
	for i := range all {
		p := &all[i]
		if n := len(rows); n > 0 && p.Heartbeat && rows[n-1].Heartbeat {
			rows[n-1].last = p
			rows[n-1].packets++
			continue
		}
		rows = append(rows, row{*p, 1, p})
	}
	return rows
}

// Numbers are the packet's number, or those of the first and the last.
func (r row) Numbers() string {
	if r.packets == 1 {
		return strconv.Itoa(r.Number)
	}
	return strconv.Itoa(r.Number) + "–" + strconv.Itoa(r.last.Number)
}

// Why says why the packet is what it is, or of heartbeats how many packets they are.
func (r row) Why() catalogue.Message {
	if r.packets == 1 {
		return r.Reason
	}
	took := r.last.Time.Sub(r.Time).Seconds()
	digits := 0
	if took < 10 {
		digits = 3
	}
	return texts.Message("heartbeats", "packets", r.packets, "seconds", catalogue.Decimal{Value: took, Digits: digits})
}
