package main

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"chatlab/sniffer/capture"
)

// A queue carries packets from the goroutine that reads to the one that prints.
// What is waiting is handed over at once when the printer has nothing to do and
// in large batches when it has.
type queue struct {
	mu      sync.Mutex
	changed sync.Cond
	waiting batch
	idle    bool // the printer waits
	wake    int  // packets that the printer is woken for
	done    bool // nothing more comes
	stop    bool // nothing more is wanted
	err     error
}

// A batch is packets with their bytes.
type batch struct {
	packets []capture.Packet
	bytes   []byte
}

// A full batch makes the reader wait: the kernel's buffer, or the file, keeps
// what comes.
const (
	fullPackets = 8192
	fullBytes   = 4 << 20
)

func (b *batch) full() bool { return len(b.packets) >= fullPackets || len(b.bytes) >= fullBytes }

// add puts a copy of p in the queue. It reports false if nothing more is wanted.
func (q *queue) add(p *capture.Packet) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.waiting.full() && !q.stop {
		q.changed.Wait()
	}
	if q.stop {
		return false
	}
	b := &q.waiting
	start := len(b.bytes)
	b.bytes = append(b.bytes, p.Data...)
	b.packets = append(b.packets, *p)
	// Should append move the bytes, those of packets before stay where they are.
	b.packets[len(b.packets)-1].Data = b.bytes[start:len(b.bytes):len(b.bytes)]
	if q.idle && len(b.packets) >= q.wake {
		q.idle = false
		q.changed.Broadcast()
	}
	return true
}

// end says that nothing more comes, and why.
func (q *queue) end(err error) {
	q.mu.Lock()
	q.done, q.err = true, err
	q.changed.Broadcast()
	q.mu.Unlock()
}

// take waits for packets and exchanges them for an empty batch. Before it
// waits it calls idle. It reports false when nothing more comes.
func (q *queue) take(empty batch, idle func() error) (batch, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting.packets) == 0 || len(q.waiting.packets) < q.wake && !q.done {
		if q.done {
			return empty, false, q.err
		}
		q.mu.Unlock()
		err := idle()
		q.mu.Lock()
		if err != nil {
			return empty, false, err
		}
		if len(q.waiting.packets) < q.wake && !q.done {
			q.idle = true
			q.changed.Wait()
		}
	}
	b := q.waiting
	q.waiting = batch{empty.packets[:0], empty.bytes[:0]}
	q.changed.Broadcast()
	return b, true, nil
}

// cancel says that nothing more is wanted.
func (q *queue) cancel() {
	q.mu.Lock()
	q.stop = true
	q.changed.Broadcast()
	q.mu.Unlock()
}

// pump carries packets that match from src to out until src ends, c.count have
// come, out fails or ctx is done. It returns how many came.
func pump(ctx context.Context, src *source, out *output, match func(*capture.Packet) bool, c *config) (uint64, error) {
	q := &queue{wake: 1}
	q.changed.L = &q.mu
	idle := out.flush
	if src.live == nil {
		// A file has no pauses to use: fewer, larger batches are faster.
		q.wake = 1024
		idle = func() error { return nil }
	}
	stopped := context.AfterFunc(ctx, func() {
		q.cancel()
		if src.live != nil {
			src.live.Close()
		}
	})
	defer stopped()
	var reader sync.WaitGroup
	reader.Go(func() { q.end(readAll(src, q, match, c)) })
	n, err := printAll(q, out, idle, c)
	q.cancel()
	if src.live != nil {
		src.live.Close()
	}
	reader.Wait()
	return n, err
}

func readAll(src *source, q *queue, match func(*capture.Packet) bool, c *config) error {
	var p capture.Packet
	for n := uint64(0); c.count == 0 || n < c.count; {
		if err := src.Read(&p); err != nil {
			if err == io.EOF || errors.Is(err, os.ErrClosed) {
				return nil
			}
			return err
		}
		if match != nil && !match(&p) || !c.wants(p.Direction) {
			continue
		}
		if !q.add(&p) {
			return nil
		}
		n++
	}
	return nil
}

// wants reports whether -Q takes a direction.
func (c *config) wants(d capture.Direction) bool {
	return c.direction == capture.DirectionUnknown || d == capture.DirectionUnknown ||
		(d == capture.DirectionOut) == (c.direction == capture.DirectionOut)
}

func printAll(q *queue, out *output, idle func() error, c *config) (n uint64, err error) {
	var b batch
	for {
		var more bool
		if b, more, err = q.take(b, idle); !more {
			return n, err
		}
		for i := range b.packets {
			if err := out.packet(&b.packets[i], c.packetBuffered); err != nil {
				return n, err
			}
			n++
		}
	}
}
