package scenario

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"chatlab/lab/texts"
	"chatlab/sniffer/tcp"
)

// action is one thing that a browser does, and what follows on the wire.
type action struct {
	port uint16
	data []byte    // what it sends; nil: it connects
	at   time.Time // when it did in 2014
	// answered is when the server of 2014 answered, or at if it did not.
	answered time.Time
	packets  int       // that pass until the action is over
	over     time.Time // when the last of them passed
}

// script gives what the two browsers of the documented scenario do.
func script() []action {
	var actions []action
	answered := false
	for _, s := range Documented() {
		switch {
		case s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN, len(s.Payload) > 0 && s.To == ServerPort:
			actions = append(actions, action{port: s.From, data: s.Payload, at: s.Time, answered: s.Time})
			answered = false
		case len(s.Payload) > 0 && !answered:
			actions[len(actions)-1].answered = s.Time
			answered = true
		}
		last := &actions[len(actions)-1]
		last.packets++
		last.over = s.Time
	}
	return actions
}

// Play lets the two browsers of the documented scenario do what they did.
type Play struct {
	// Dial connects one port of 127.0.0.1 to another.
	Dial func(ctx context.Context, from, to uint16) (net.Conn, error)
	// Clock is told what the server's clock is to show from now on.
	Clock func(time.Time)
	// Captured gives how many packets of the scenario have been captured.
	Captured func() int
	// Wait returns when n packets of the scenario have been captured, or when
	// it is certain that they will not come.
	Wait func(ctx context.Context, n int) error
	// Pace waits when one action is over, until the next: d in 2014.
	Pace func(ctx context.Context, d time.Duration) error
	// Over is called when all is said, before the browsers go.
	Over func()
}

// Run plays. When it returns the browsers are gone, their connections closed.
func (p *Play) Run(ctx context.Context) error {
	browsers := map[uint16]net.Conn{}
	var reading sync.WaitGroup
	defer func() {
		for _, c := range browsers {
			c.Close()
		}
		reading.Wait()
	}()
	var before time.Time
	for _, a := range script() {
		if !before.IsZero() {
			if err := p.Pace(ctx, a.at.Sub(before)); err != nil {
				return err
			}
		}
		before = a.over
		p.Clock(a.answered)
		over := p.Captured() + a.packets
		if a.data == nil {
			c, err := p.Dial(ctx, a.port, ServerPort)
			if err != nil {
				return err
			}
			browsers[a.port] = c
			// What the server sends is looked at on the wire.
			reading.Go(func() { _, _ = io.Copy(io.Discard, c) })
		} else if _, err := browsers[a.port].Write(a.data); err != nil {
			return texts.Lab.Error("browser", "port", a.port, "why", err)
		}
		if err := p.Wait(ctx, over); err != nil {
			return err
		}
	}
	p.Over()
	return nil
}
