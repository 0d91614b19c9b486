package stage

import (
	"context"
	"net"
	"sync"
	"time"

	"chatlab/sniffer/catalogue"
)

// OpenReenactment opens a virtual stage that plays a recording again. Its clock shows
// the time of the first segment.
func OpenReenactment(r Recording) (Stage, error) {
	clock := newVirtualClock(r.Segments[0].Time)
	again := &reenactment{Recording: r, clock: clock}
	s := &severalStacks{clock: clock, of: make(map[uint16]*userspaceStage)}
	for _, seed := range r.Stacks {
		u, err := newUserspace(
			&stackClock{virtualClock: clock, start: seed.At, zero: seed.Clock, scale: time.Duration(seed.Slower)},
			newSeedReader(&seed), delayedAckTime)
		if err != nil {
			s.Close()
			clock.carrier.end()
			return nil, unavailable(Exact, err, catalogue.Message{})
		}
		u.link.again = again
		s.all = append(s.all, u)
		s.of[seed.Port] = u
	}
	return s, nil
}

// severalStacks is a stage on several stacks in user space, each of which serves one
// client: a stack's initial sequence numbers all come from one secret.
type severalStacks struct {
	clock *virtualClock
	all   []*userspaceStage
	of    map[uint16]*userspaceStage // by the client's port
}

func (s *severalStacks) Name() string { return Exact }
func (s *severalStacks) Clock() Clock { return s.clock }

// Dial connects on the client's stack; one that has none uses the first.
func (s *severalStacks) Dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	u := s.of[from]
	if u == nil {
		u = s.all[0]
	}
	return u.Dial(ctx, from, to)
}

// Listen listens on the port of every stack.
func (s *severalStacks) Listen(port uint16) (net.Listener, error) {
	l := &severalListeners{conns: make(chan accepted), closed: make(chan struct{})}
	for _, u := range s.all {
		one, err := u.Listen(port)
		if err != nil {
			l.Close()
			return nil, err
		}
		l.all = append(l.all, one)
		go l.accept(one)
	}
	return l, nil
}

// Capture captures on every stack's loopback, in the order in which packets come.
func (s *severalStacks) Capture() (Capture, error) {
	t := newTap(s.all[0].link)
	t.detach = func() {
		for _, u := range s.all {
			u.link.removeTap(t)
		}
	}
	for _, u := range s.all {
		if err := u.link.add(t); err != nil {
			t.Close()
			return nil, err
		}
	}
	return t, nil
}

func (s *severalStacks) Close() error {
	for _, u := range s.all {
		u.Close()
	}
	return nil
}

// severalListeners are listeners as one.
type severalListeners struct {
	all    []net.Listener
	conns  chan accepted
	once   sync.Once
	closed chan struct{}
}

type accepted struct {
	conn net.Conn
	err  error
}

func (l *severalListeners) accept(one net.Listener) {
	for {
		c, err := one.Accept()
		select {
		case l.conns <- accepted{c, err}:
		case <-l.closed:
			if c != nil {
				c.Close()
			}
			return
		}
		if err != nil {
			return
		}
	}
}

func (l *severalListeners) Accept() (net.Conn, error) {
	select {
	case a := <-l.conns:
		return a.conn, a.err
	case <-l.closed:
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
	}
}

func (l *severalListeners) Addr() net.Addr { return l.all[0].Addr() }

func (l *severalListeners) Close() error {
	l.once.Do(func() {
		close(l.closed)
		for _, one := range l.all {
			one.Close()
		}
	})
	return nil
}
