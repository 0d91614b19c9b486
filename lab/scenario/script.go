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

// Action is one thing that a browser does, and what follows on the wire.
type Action struct {
	Port uint16
	Data []byte // what it sends; nil: it connects

	at time.Time // when it did in 2014
	// answered is when the server of 2014 answered, or at if it did not.
	answered time.Time
	packets  int       // that pass until the action is over
	over     time.Time // when the last of them passed
}

// Actions are what each browser does: it connects, asks for the upgrade, logs in and
// says something. First all of the earlier browser, then all of the newcomer.
func Actions() []Action {
	var actions []Action
	answered := false
	for _, s := range Documented() {
		switch {
		case s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN, len(s.Payload) > 0 && s.To == ServerPort:
			actions = append(actions, Action{Port: s.From, Data: s.Payload, at: s.Time, answered: s.Time})
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
	// Deaf lets browsers that connect from now on not read.
	Deaf bool
	// Pace waits when one action is over, until the next: d in 2014.
	Pace func(ctx context.Context, d time.Duration) error
	// Over is called when all is said, before the browsers go.
	Over func()

	browsers map[uint16]net.Conn
	reading  sync.WaitGroup
	before   time.Time // when the last action was over
}

// Run plays. When it returns the browsers are gone, their connections closed.
func (p *Play) Run(ctx context.Context) error {
	defer p.Leave()
	for _, a := range Actions() {
		if err := p.Do(ctx, a); err != nil {
			return err
		}
	}
	p.Over()
	return nil
}

// Do lets a browser do something, and returns when that is over.
func (p *Play) Do(ctx context.Context, a Action) error {
	if !p.before.IsZero() {
		if err := p.Pace(ctx, a.at.Sub(p.before)); err != nil {
			return err
		}
	}
	p.before = a.over
	p.Clock(a.answered)
	over := p.Captured() + a.packets
	if a.Data == nil {
		c, err := p.Dial(ctx, a.Port, ServerPort)
		if err != nil {
			return err
		}
		if p.browsers == nil {
			p.browsers = make(map[uint16]net.Conn)
		}
		p.browsers[a.Port] = c
		if !p.Deaf {
			// What the server sends is looked at on the wire.
			p.reading.Go(func() { _, _ = io.Copy(io.Discard, c) })
		}
	} else if _, err := p.browsers[a.Port].Write(a.Data); err != nil {
		return texts.Lab.Error("browser", "port", a.Port, "why", err)
	}
	return p.Wait(ctx, over)
}

// Browser gives the connection of the browser on a port.
func (p *Play) Browser(port uint16) net.Conn { return p.browsers[port] }

// Leave closes the browsers' connections.
func (p *Play) Leave() {
	for _, c := range p.browsers {
		c.Close()
	}
	p.reading.Wait()
}
