package guide

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"chatlab/lab/bundle"
	"chatlab/lab/stage"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/webclient/site"
)

// Config is what a lesson is run with.
type Config struct {
	Stage  stage.Stage
	Lang   catalogue.Lang
	In     io.Reader
	Screen *Screen
	Store  Store
	// Results is the directory that the pcap file and the report are saved in.
	Results string
	// ChatPort and PagePort are where this machine's browsers find the chat and
	// the page; 0 is any free port.
	ChatPort, PagePort uint16
	Dialect            chat.Dialect
	Now                func() time.Time
}

// Ending tells how a lesson was left.
type Ending uint8

// The endings.
const (
	Finished    Ending = iota // all steps are over
	Left                      // by quit, or the input's end
	Interrupted               // by the context
)

// quietAfter is how long no packet must have come for a step to be over though
// one that was due is missing. A delayed acknowledgement comes within 200 ms
// (tcp(7)).
const quietAfter = 700 * time.Millisecond

// patience bounds how long typed lines wait for what the lab itself does.
const patience = 5 * time.Second

// driver is a lesson that runs.
type driver struct {
	Config
	lesson *Lesson
	room   *room
	kept   *keeper
	saved  []byte // the state as it was saved last
}

// Run runs a lesson to its end, or until it is left; it can be gone on with
// then. Context ctx interrupts it.
func Run(ctx context.Context, c Config) (Ending, error) {
	if err := os.MkdirAll(c.Store.Dir, 0o700); err != nil {
		return Left, err
	}
	d := &driver{Config: c}
	state, packets, err := d.load()
	if err != nil {
		return Left, err
	}
	id := newID(c.Now())
	if state != nil && state.ID != "" {
		id = state.ID
	}
	if d.room, err = openRoom(ctx, c.Stage, bundle.Browsers{Host: "127.0.0.1", ChatPort: c.ChatPort, PagePort: c.PagePort}, site.Options{Lang: c.Lang, Dialect: c.Dialect, Edition: id}); err != nil {
		return Left, err
	}
	defer d.room.close()
	if d.kept, err = keep(c.Store.PacketFile(), packets); err != nil {
		return Left, err
	}
	defer d.kept.close()
	d.lesson = New(Options{Lang: c.Lang, ChatPort: d.room.chat(), PagePort: d.room.page(), Address: d.room.address(), ID: id, State: state, Packets: packets})
	d.lesson.Scripted(d.room.earlierPort())
	d.tell("stage."+c.Stage.Name(), "chat", d.room.chat(), "page", d.room.page())
	ending, err := d.loop(ctx)
	if e := d.save(); err == nil {
		err = e
	}
	if err != nil {
		return ending, err
	}
	if ending == Finished {
		return ending, d.finish()
	}
	d.tell("saved", "command", "go run ./lab guide")
	return ending, d.Screen.err
}

func (d *driver) tell(key string, args ...any) {
	d.Screen.text(Output{Kind: Sentence, Text: texts.Message(key, args...).In(d.Lang)})
}

// load reads what an earlier run has left. What cannot be read is told and set
// aside.
func (d *driver) load() (*State, []capture.Packet, error) {
	packets, err := readPackets(d.Store.PacketFile())
	var state *State
	if err == nil {
		state, err = d.Store.Load(len(packets))
	}
	var corrupt *corruptError
	switch {
	case errors.Is(err, errNoState):
		return nil, nil, nil
	case errors.As(err, &corrupt):
		aside, e := d.Store.SetAside("corrupt")
		if e != nil {
			return nil, nil, e
		}
		d.tell("corrupt", "file", corrupt.file, "why", corrupt.err.Error(), "aside", aside)
		return nil, nil, nil
	}
	return state, packets, err
}

// loop waits for what is typed and what is captured, until the lesson is over.
func (d *driver) loop(ctx context.Context) (Ending, error) {
	lines, packets := make(chan string), make(chan capture.Packet, 256)
	done := make(chan struct{})
	defer close(done)
	go readLines(d.In, lines, done)
	d.room.packets(func(p capture.Packet) {
		select {
		case packets <- p:
		case <-done:
		}
	})
	if err := d.handle(ctx, d.lesson.Start()); err != nil {
		return Left, err
	}
	d.room.introduce(ctx)

	quiet, held := time.NewTimer(quietAfter), time.NewTimer(patience)
	defer quiet.Stop()
	defer held.Stop()
	overdue := false // what the lab itself does takes too long to wait for
	for {
		if err := d.save(); err != nil {
			return Left, err
		}
		switch {
		case d.Screen.err != nil:
			return Left, fmt.Errorf("write output: %w", d.Screen.err)
		case d.lesson.Over():
			return Finished, nil
		case d.lesson.Quit():
			return Left, nil
		}
		typed := lines
		if d.lesson.busy() && !overdue {
			typed = nil // what is typed waits: the lab itself is doing something
		} else {
			d.Screen.prompt()
		}
		var out []Output
		select {
		case <-ctx.Done():
			return Interrupted, nil
		case err := <-d.room.failed:
			return Left, err
		case line, more := <-typed:
			d.Screen.typed()
			if !more {
				return Left, nil
			}
			out = d.lesson.Line(line)
			overdue = false
			held.Reset(patience)
		case p := <-packets:
			var kept bool
			out, kept = d.lesson.Packet(&p)
			if kept {
				if err := d.kept.add(d.lesson.Record(d.lesson.Packets() - 1).Packet); err != nil {
					return Left, err
				}
				quiet.Reset(quietAfter)
			}
		case <-quiet.C:
			out = d.lesson.Quiet()
		case <-held.C:
			overdue = true
		}
		if err := d.handle(ctx, out); err != nil {
			return Left, err
		}
	}
}

// handle shows what the lesson says and does what it wants.
func (d *driver) handle(ctx context.Context, out []Output) error {
	d.Screen.print(out, d.lesson)
	for _, o := range out {
		if o.Kind == Do {
			if err := d.room.act(ctx, o.Act); err != nil {
				return err
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

// save keeps where the lesson stands.
func (d *driver) save() error {
	state := d.lesson.State()
	data := fmt.Appendf(nil, "%+v", *state)
	if bytes.Equal(data, d.saved) {
		return nil
	}
	d.saved = data
	return d.Store.Save(state)
}

// finish saves the results and tells their names.
func (d *driver) finish() error {
	dir := d.Results
	file, err := createNew(dir, "chatlab-guide", ".pcap")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || isReadOnly(err) {
		dir = d.Store.Dir
		file, err = createNew(dir, "chatlab-guide", ".pcap")
	}
	if err != nil {
		return err
	}
	if err := writePackets(file, d.lesson); err != nil {
		return err
	}
	d.tell("end.pcap", "file", file.Name(), "packets", d.lesson.Packets())
	page, err := createNew(dir, "chatlab-guide", ".html")
	if err != nil {
		return err
	}
	err = d.lesson.Report(page, ReportOptions{Stage: d.Stage.Name(), Time: d.Now()})
	if e := page.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	d.tell("end.report", "file", page.Name())
	// What was kept to go on with is in the results now.
	for _, file := range []string{d.Store.StateFile(), d.Store.PacketFile()} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return d.Screen.err
}

// createNew creates a file that was not there before: name.ext, name-2.ext, …
func createNew(dir, name, ext string) (*os.File, error) {
	for n := 1; ; n++ {
		file := filepath.Join(dir, name+ext)
		if n > 1 {
			file = filepath.Join(dir, fmt.Sprintf("%s-%d%s", name, n, ext))
		}
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return f, err
	}
}
