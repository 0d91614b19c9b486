package guide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	// AllowOrigins are the chat server's; Forwarded gives the address by which a
	// browser elsewhere finds a port, or "".
	AllowOrigins []string
	Forwarded    func(port uint16) string
	Dialect      chat.Dialect
	Task         Task
	// Command is what was typed to run the lesson: the same goes on with it.
	Command string
	Now     func() time.Time
}

// Ending tells how a lesson was left.
type Ending uint8

// The endings. The zero value is none: the lesson goes on.
const (
	Finished    Ending = iota + 1 // all steps are over
	Left                          // by quit, or the input's end
	Interrupted                   // by the context
)

// driver is a lesson that runs.
type driver struct {
	Config
	lesson *Lesson
	room   *room
	kept   *capture.FileWriter
	saved  []byte // the state as it was saved last
}

// Run runs a lesson to its end, or until it is left; it can be gone on with
// then. Context ctx interrupts it.
func Run(ctx context.Context, c Config) (Ending, error) {
	release, err := c.Store.hold()
	if err != nil {
		return Left, err
	}
	defer release()
	d := &driver{Config: c}
	state, packets, err := d.load()
	if err != nil {
		return Left, c.Store.failed(err)
	}
	id := newID(c.Now())
	if state != nil && state.ID != "" {
		id = state.ID
	}
	browsers := bundle.Browsers{Host: "127.0.0.1", ChatPort: c.ChatPort, PagePort: c.PagePort}
	page := site.Options{Lang: c.Lang, Dialect: c.Dialect, Edition: id}
	if d.room, err = openRoom(ctx, c.Stage, browsers, page, c.Task, c.AllowOrigins); err != nil {
		return Left, err
	}
	defer d.room.close()
	if d.kept, err = createPacketFile(c.Store.PacketFile(), packets); err != nil {
		return Left, c.Store.failed(err)
	}
	defer d.kept.Close()
	d.lesson = New(Options{
		Lang: c.Lang, ChatPort: d.room.chat(), PagePort: d.room.page(), Stage: c.Stage.Name(), Address: d.room.address(),
		ID: id, Task: c.Task, State: state, Packets: packets,
	})
	d.lesson.Scripted(port(d.room.earlier))
	if c.Forwarded != nil {
		if u := c.Forwarded(d.room.PagePort); u != "" {
			d.tell("forwarded", "url", u, "port", d.room.ChatPort)
		}
	}
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
	d.tell("saved")
	d.Screen.text(Output{Kind: Command, Text: c.Command})
	return ending, d.Screen.err
}

// tell says something beside the lesson, or before there is one.
func (d *driver) tell(key string, args ...any) {
	if d.lesson != nil {
		d.Screen.print(d.lesson.Tell(key, args...), d.lesson)
		return
	}
	d.Screen.text(Output{Kind: Sentence, Text: texts.Message(key, args...).In(d.Lang)})
}

// load reads what an earlier run has left. What cannot be read or belongs to another
// task is told and set aside.
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
		d.tell("corrupt", "file", corrupt.file, "why", corrupt.err, "aside", aside)
		return nil, nil, nil
	}
	if err == nil && state.Task != d.Task.whole() {
		aside, err := d.Store.SetAside("other-task")
		if err == nil {
			d.tell("task.saved", "aside", aside)
		}
		return nil, nil, err
	}
	return state, packets, err
}

// save keeps where the lesson stands.
func (d *driver) save() error {
	state := d.lesson.State()
	data := fmt.Appendf(nil, "%+v", *state)
	if bytes.Equal(data, d.saved) {
		return nil
	}
	d.saved = data
	return d.Store.failed(d.Store.Save(state))
}
