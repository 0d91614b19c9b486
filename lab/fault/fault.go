// Package fault plays the documented scenario with one thing wrong: in what the
// newcomer's browser does, or on the link. A fault is a file of this package, a line
// in All, and its texts.
package fault

import (
	"context"
	"embed"
	"math/rand/v2"
	"time"

	"chatlab/lab/play"
	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has for each fault what it is (about), what is asked before it is seen
// (before), what was to be seen (after), and what a browser tells its page (page).
var texts = catalogue.Must(embedded, "texts")

// Fault is the scenario with one thing wrong.
type Fault struct {
	Name string
	// Script is what the newcomer's browser does.
	Script func(*Newcomer)
	// Link gives what becomes of each segment of a performance. nil: the link is in
	// order, and so the fault can be played on a kernel too.
	Link func() func(*stage.Passing) stage.Fate
	// Deaf: the newcomer's browser does not read by itself.
	Deaf bool
	// Snaplen is how many bytes of each packet are kept. 0: all.
	Snaplen int
}

// All are the faults, in the order in which a class meets them: WebSocket's, then
// TCP's, and what looks like a fault and is none.
var All = []*Fault{
	noMask, badAccept, wrongVersion,
	reset, lostSegment, lostAck, reordered, duplicated, zeroWindow,
	splitFrame, twoFrames, bigFrame, ping, closing,
}

// About says in a line what the fault is.
func (f *Fault) About() catalogue.Message { return texts.Message("about." + f.Name) }

// Before says what is about to happen, and asks what the reader expects.
func (f *Fault) Before() catalogue.Message { return texts.Message("before." + f.Name) }

// After says what was to be seen, and why.
func (f *Fault) After() catalogue.Message { return texts.Message("after." + f.Name) }

// Page says what a browser of today tells its page of it.
func (f *Fault) Page() catalogue.Message { return texts.Message("page." + f.Name) }

// OpenStage opens the stage that a fault is played on: a stack in user space, which
// does the same each time.
func (f *Fault) OpenStage() (stage.Stage, error) {
	v := stage.Virtual{Start: scenario.Documented()[0].Time, Secrets: rand.NewChaCha8([32]byte{})}
	if f.Link != nil {
		v.Fate = f.Link()
	}
	return stage.OpenVirtual(v)
}

// Play plays the fault. packet is called with each packet of the scenario's two
// connections as it is captured.
func (f *Fault) Play(ctx context.Context, where stage.Stage, packet func(*dissect.Segment) error) error {
	clock := where.Clock()
	live := play.Live{
		Stage: where, Packet: packet, Snaplen: f.Snaplen,
		Pace: func(ctx context.Context, d time.Duration) error { return clock.Wait(ctx, play.Fast(d), nil) },
		Script: func(ctx context.Context, p *scenario.Play) error {
			defer p.Leave()
			n := &Newcomer{ctx: ctx, clock: clock, play: p}
			n.enter(f.Deaf)
			f.Script(n)
			if n.err == nil {
				p.Over()
			}
			return n.err
		},
	}
	return live.Run(ctx)
}
