package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"

	"chatlab/sniffer/capture"
)

// batches is how many batches go round between the goroutine that reads and the
// one that prints.
const batches = 4

// A pump carries packets from a source to an output, reading and printing at
// the same time and in order. Batches go round, so that its memory is bounded:
// when all are full the kernel's buffer, or the file, keeps what comes.
type pump struct {
	src   capture.BatchSource
	out   *output
	match func(*capture.Packet) bool // nil: all
	limit uint64                     // 0: none
	// live: what was captured is read and printed to its end, also after Ctrl-C.
	live bool
	// prompt: what was printed is seen at once when nothing more is waiting.
	prompt bool

	full, empty chan *capture.Batch
	stopped     chan struct{} // closed when nothing more is wanted
	readErr     error         // to be read when full is closed
}

// run carries packets until the source ends, limit have come, the output fails
// or ctx is done; then stop is called, which must end a read that waits. It
// returns how many packets came.
func (p *pump) run(ctx context.Context, stop func()) (n uint64, err error) {
	p.full, p.empty = make(chan *capture.Batch, batches), make(chan *capture.Batch, batches)
	p.stopped = make(chan struct{})
	for range batches {
		p.empty <- &capture.Batch{}
	}
	defer context.AfterFunc(ctx, stop)()
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.read()
	}()
	n, err = p.print(ctx)
	close(p.stopped)
	stop()
	if p.live {
		// A read from a file may not end: nobody waits for what it might bring.
		<-done
	}
	return n, err
}

func (p *pump) read() {
	defer close(p.full)
	for left := p.limit; p.limit == 0 || left > 0; {
		var b *capture.Batch
		select {
		case b = <-p.empty:
		case <-p.stopped:
			return
		}
		if err := p.src.ReadBatch(b); err != nil {
			if err != io.EOF && !errors.Is(err, os.ErrClosed) {
				p.readErr = err
			}
			return
		}
		if p.match != nil {
			b.Packets = slices.DeleteFunc(b.Packets, func(k capture.Packet) bool { return !p.match(&k) })
		}
		if p.limit > 0 {
			b.Packets = b.Packets[:min(uint64(len(b.Packets)), left)]
			left -= uint64(len(b.Packets))
		}
		select {
		case p.full <- b:
		case <-p.stopped:
			return
		}
	}
}

// print prints batches until the reader closes full. A file would go on long
// after ctx is done: it is not waited for. What a live capture has is printed.
func (p *pump) print(ctx context.Context) (n uint64, err error) {
	cancelled := ctx.Done()
	if p.live {
		cancelled = nil
	}
	for {
		var b *capture.Batch
		var more bool
		select {
		case b, more = <-p.full:
		default:
			if p.prompt {
				if err := p.out.flush(); err != nil {
					return n, err
				}
			}
			select {
			case b, more = <-p.full:
			case <-cancelled:
				return n, nil
			}
		}
		if !more {
			return n, p.readErr
		}
		for i := range b.Packets {
			if i%256 == 0 && !p.live && ctx.Err() != nil {
				return n, nil
			}
			if err := p.out.packet(&b.Packets[i]); err != nil {
				return n, err
			}
			n++
		}
		p.empty <- b
	}
}
