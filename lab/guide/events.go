package guide

import (
	"bufio"
	"context"
	"io"
	"time"

	"chatlab/sniffer/capture"
)

// quietAfter is how long no packet must have come for a step to be over though
// one that was due is missing. A delayed acknowledgement comes within 200 ms
// (tcp(7)).
const quietAfter = 700 * time.Millisecond

// busyTime is how long typed lines wait at most for what the lab itself does.
const busyTime = 5 * time.Second

// events are what a running lesson waits for.
type events struct {
	lines   chan string         // typed; closed at the input's end
	packets chan capture.Packet // captured
	done    chan struct{}       // closed when nobody waits any more
	quiet   *time.Timer         // no packet has come for quietAfter
	busy    *time.Timer         // typed lines have waited for busyTime
	overdue bool                // that has happened: they wait no longer
}

func (d *driver) listen() *events {
	e := &events{
		lines: make(chan string), packets: make(chan capture.Packet, 256), done: make(chan struct{}),
		quiet: time.NewTimer(quietAfter), busy: time.NewTimer(busyTime),
	}
	go readLines(d.In, e.lines, e.done)
	d.room.packets(func(p capture.Packet) {
		select {
		case e.packets <- p:
		case <-e.done:
		}
	})
	return e
}

func (e *events) stop() {
	e.quiet.Stop()
	e.busy.Stop()
	close(e.done)
}

// loop hands the lesson what is typed and captured, until it is over.
func (d *driver) loop(ctx context.Context) (Ending, error) {
	e := d.listen()
	defer e.stop()
	if err := d.handle(ctx, d.lesson.Start()); err != nil {
		return Left, err
	}
	d.room.introduce(ctx)
	for {
		if err := d.save(); err != nil {
			return Left, err
		}
		switch {
		case d.Screen.err != nil:
			return Left, texts.Error("write", "why", d.Screen.err)
		case d.lesson.Over():
			return Finished, nil
		case d.lesson.Quit():
			return Left, nil
		}
		out, ending, err := d.next(ctx, e)
		if err != nil || ending != 0 {
			return ending, err
		}
		if err := d.handle(ctx, out); err != nil {
			return Left, err
		}
	}
}

// next waits for one event and gives what the lesson says to it, or how the
// lesson ends by it.
func (d *driver) next(ctx context.Context, e *events) ([]Output, Ending, error) {
	typed := e.lines
	if d.lesson.busy() && !e.overdue {
		typed = nil // what is typed waits: the lab itself is doing something
	} else {
		d.Screen.prompt()
	}
	select {
	case <-ctx.Done():
		return nil, Interrupted, nil
	case err := <-d.room.failed:
		return nil, Left, err
	case line, more := <-typed:
		d.Screen.typed()
		if !more {
			return nil, Left, nil
		}
		e.overdue = false
		e.busy.Reset(busyTime)
		return d.lesson.Line(line), 0, nil
	case p := <-e.packets:
		out, kept := d.lesson.Packet(&p)
		if kept {
			if err := d.kept.WriteNow(d.lesson.Record(d.lesson.Packets() - 1).Packet); err != nil {
				return nil, Left, d.Store.failed(err)
			}
			e.quiet.Reset(quietAfter)
		}
		return out, 0, nil
	case <-e.quiet.C:
		return d.lesson.Quiet(), 0, nil
	case <-e.busy.C:
		e.overdue = true
		return nil, 0, nil
	}
}

// handle shows what the lesson says and does what it wants.
func (d *driver) handle(ctx context.Context, out []Output) error {
	d.Screen.print(out, d.lesson)
	for _, o := range out {
		if o.Kind == Do {
			from, err := d.room.act(ctx, o.Act)
			if err != nil {
				return err
			}
			if from != 0 {
				d.lesson.StandIn(from)
			}
		}
	}
	return nil
}

// readLines sends lines until the input ends, and closes lines.
func readLines(in io.Reader, lines chan<- string, done <-chan struct{}) {
	defer close(lines)
	r := bufio.NewReaderSize(in, 4*maxLine)
	for {
		line, isPrefix, err := r.ReadLine()
		if err != nil {
			return
		}
		text := string(line)
		for isPrefix && err == nil { // nobody means to answer that much
			_, isPrefix, err = r.ReadLine()
		}
		select {
		case lines <- text:
		case <-done:
			return
		}
	}
}
