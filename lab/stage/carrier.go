package stage

import (
	"context"
	"sync"
)

// carrier delivers the packets of a virtual stage, one at a time: the next when all
// have done what the one before makes them do. So what happens first does not depend
// on which processor is faster. A kernel's loopback delivers while the sender is still
// sending, and has the same order.
type carrier struct {
	still *stillness
	more  chan struct{} // holds a token when there is something to do
	ended chan struct{}
	close func()

	mu       sync.Mutex
	packets  []func() // each delivers one
	carrying bool
	idle     chan struct{} // closed when all is delivered; nil if nobody waits for that
}

func newCarrier(s *stillness) *carrier {
	ctx, cancel := context.WithCancel(context.Background())
	c := &carrier{still: s, more: make(chan struct{}, 1), ended: make(chan struct{}), close: cancel}
	s.join(c)
	go c.run(ctx)
	return c
}

// end ends it; what is under way is lost.
func (c *carrier) end() {
	c.close()
	<-c.ended
}

// carry takes a packet over.
func (c *carrier) carry(deliver func()) {
	c.mu.Lock()
	c.packets = append(c.packets, deliver)
	c.mu.Unlock()
	c.still.move()
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// state implements part.
func (c *carrier) state() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.packets) > 0 || c.carrying {
		return looking // it makes others send
	}
	return resting
}

// wait waits until all that is under way is delivered. On a kernel's loopback it is
// before anybody can answer.
func (c *carrier) wait() {
	c.mu.Lock()
	if len(c.packets) == 0 && !c.carrying {
		c.mu.Unlock()
		return
	}
	if c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	c.mu.Unlock()
	c.still.await(idle)
	defer c.still.awaited(idle)
	select {
	case <-idle:
	case <-c.ended:
	}
}

// next takes a packet out, or gives nil.
func (c *carrier) next() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carrying = len(c.packets) > 0
	if !c.carrying {
		if c.idle != nil {
			close(c.idle)
			c.idle = nil
		}
		return nil
	}
	deliver := c.packets[0]
	c.packets = c.packets[1:]
	return deliver
}

func (c *carrier) run(ctx context.Context) {
	defer close(c.ended)
	defer c.still.leave(c)
	for {
		select {
		case <-c.more:
		case <-ctx.Done():
			return
		}
		for {
			// What the packet before has made others send comes behind what waits.
			if _, err := c.still.wait(ctx, nil, false); err != nil {
				return
			}
			deliver := c.next()
			if deliver == nil {
				break
			}
			deliver()
		}
		c.still.move()
	}
}
