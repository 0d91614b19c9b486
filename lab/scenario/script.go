package scenario

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"chatlab/sniffer/dissect"
)

// action is one thing that a browser does, and what follows on the wire.
type action struct {
	port uint16
	data []byte    // what it sends; nil: it connects
	at   time.Time // when it did in 2014
	// answered is when the server of 2014 answered, or at if it did not.
	answered time.Time
	// packets have passed since the beginning when the action is over.
	packets int
}

// script gives what the two browsers of the documented scenario do.
func script() []action {
	var actions []action
	answered := false
	for i, s := range Documented() {
		switch {
		case s.Flags&(dissect.SYN|dissect.ACK) == dissect.SYN, len(s.Payload) > 0 && s.To == ServerPort:
			actions = append(actions, action{port: s.From, data: s.Payload, at: s.Time, answered: s.Time})
			answered = false
		case len(s.Payload) > 0 && !answered:
			actions[len(actions)-1].answered = s.Time
			answered = true
		}
		actions[len(actions)-1].packets = i + 1
	}
	return actions
}

// Play lets the two browsers of the documented scenario do what they did.
type Play struct {
	// Dial connects one port of 127.0.0.1 to another.
	Dial func(ctx context.Context, from, to uint16) (net.Conn, error)
	// Clock is told what the server's clock is to show from now on.
	Clock func(time.Time)
	// Wait returns when n packets of the scenario have been captured, or when
	// it is certain that they will not come.
	Wait func(ctx context.Context, n int) error
	// Pace waits as long as the scenario did: d.
	Pace func(ctx context.Context, d time.Duration) error
}

// Run plays. When it returns the browsers are gone, their connections reset.
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
		before = a.at
		p.Clock(a.answered)
		if a.data == nil {
			c, err := p.Dial(ctx, a.port, ServerPort)
			if err != nil {
				return err
			}
			browsers[a.port] = c
			// What the server sends is looked at on the wire.
			reading.Go(func() { _, _ = io.Copy(io.Discard, c) })
		} else if _, err := browsers[a.port].Write(a.data); err != nil {
			return fmt.Errorf("browser on port %d: %w", a.port, err)
		}
		if err := p.Wait(ctx, a.packets); err != nil {
			return err
		}
	}
	return nil
}
