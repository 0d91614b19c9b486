package guide

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// ladderRow is a packet in the ladder, or a note of what happened before it. X1 and X2
// are where the packet's arrow begins and ends, in the ladder's own units.
type ladderRow struct {
	Note                 string
	Number               int
	Time, Label, Title   string
	Lines                []string
	X1, X2, Head1, Head2 int
	LabelX               int
	Data                 bool
}

// ladderLanes are what stands above the lanes.
type ladderLanes struct{ Left, Server, Right string }

// The lanes' places in the ladder, which is 600 units wide.
const (
	laneLeft, laneServer, laneRight = 60, 300, 540
	arrowHead                       = 8
)

// ladder lays out the packets of the student's connections, what passed between the
// server and others meanwhile, and between them what happened.
func (l *Lesson) ladder() (rows []ladderRow, lanes ladderLanes) {
	note := func(text string) { rows = append(rows, ladderRow{Note: text}) }
	events := l.state.Events
	tell := func(before int) {
		for ; len(events) > 0 && events[0].At <= before; events = events[1:] {
			note(l.event(events[0]))
		}
	}
	var first time.Time
	seen := map[int]bool{}
	var left, right []string
	var beats []*record
	fold := func() {
		if len(beats) > 0 {
			note(l.heartbeats(beats))
			beats = nil
		}
	}
	for i, r := range l.trace.records[:l.state.Cursor] {
		if l.prelude(r) || l.stranger(r) {
			continue
		}
		if len(events) > 0 && events[0].At <= i || !r.comment.Heartbeat {
			fold()
		}
		tell(i)
		if r.comment.Heartbeat {
			beats = append(beats, r)
			continue
		}
		if first.IsZero() {
			first = r.segment.Packet.Time
		}
		lane, side := laneLeft, &left
		if l.scripted(r.client) {
			lane, side = laneRight, &right
		}
		if !seen[r.conv] {
			seen[r.conv] = true
			*side = append(*side, itoa(r.client))
			note(l.connection(r))
		}
		rows = append(rows, l.ladderPacket(r, lane, r.segment.Packet.Time.Sub(first)))
	}
	fold()
	tell(len(l.trace.records))
	above := func(name string, ports []string) string {
		return name + " " + strings.Join(slices.Compact(ports), ", ")
	}
	lanes.Server = l.text("report.server", "port", l.trace.port)
	if len(left) > 0 {
		lanes.Left = above(l.text("report.student"), left)
	}
	if len(right) > 0 {
		lanes.Right = above(scenario.EarlierNick, right)
	}
	return rows, lanes
}

// event says what happened.
func (l *Lesson) event(e Event) string {
	step := []any{"n", e.Step.index() + 1, "step", e.Step.name()}
	switch e.What {
	case LessonLeft:
		if e.Step.live() {
			return l.text("event.left", step...)
		}
		return l.text("event.left.reading", step...)
	case StepReset:
		return l.text("event.reset", step...)
	}
	return l.text("event.skip", step...)
}

// connection says whose connection begins with r.
func (l *Lesson) connection(r *record) string {
	key := "connection.student"
	switch {
	case l.scripted(r.client):
		key = "connection.earlier"
	case l.stoodIn(r):
		key = "connection.scripted"
	}
	return l.text(key, "port", r.client)
}

func (l *Lesson) ladderPacket(r *record, lane int, after time.Duration) ladderRow {
	row := ladderRow{Number: r.number, Time: catalogue.Decimal{Value: after.Seconds() * 1000, Digits: 3}.In(l.lang),
		Label: label(r), Title: r.comment.Title(l.lang), Lines: r.comment.Lines(l.lang), Data: r.segment.Length > 0,
		X1: lane, X2: laneServer}
	if r.from == dissect.Server {
		row.X1, row.X2 = row.X2, row.X1
	}
	row.Head1, row.Head2 = row.X2, row.X2-arrowHead
	if row.X2 < row.X1 {
		row.Head2 = row.X2 + arrowHead
	}
	row.LabelX = (row.X1 + row.X2) / 2
	return row
}

// label is a packet's flags, relative numbers and length, as tcpdump orders them.
func label(r *record) string {
	s := flagsText(r.segment.Flags)
	if r.segment.Length > 0 {
		s += fmt.Sprintf(" seq %d:%d", r.relSeq, r.relSeq+uint32(r.segment.Length))
	}
	if r.segment.Flags&tcp.ACK != 0 {
		s += fmt.Sprintf(" ack %d", r.relAck)
	}
	return s + fmt.Sprintf(" len %d", r.segment.Length)
}
