package guide

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync"

	"chatlab/chatserver/server"
	"chatlab/lab/bundle"
	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/capture"
	"chatlab/webclient/site"
)

// room is what a lesson needs around it: the chat that can be joined, and the
// scripted browsers in it.
type room struct {
	*bundle.Bundle
	stage   stage.Stage
	edition string // of the page
	task    Task
	earlier net.Conn // the browser that is in the chat before
	student net.Conn // the scripted student, if it was asked for
	failed  chan error
	running sync.WaitGroup
	stop    context.CancelFunc
}

// openRoom starts everything. What fails later is sent to failed.
func openRoom(ctx context.Context, s stage.Stage, at bundle.Browsers, page site.Options, task Task, origins []string) (*room, error) {
	b, err := bundle.Open(bundle.Options{Stage: s, ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Browsers: &at})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	r := &room{Bundle: b, stage: s, edition: page.Edition, task: task, failed: make(chan error, 4), stop: stop}
	r.run("", func() error {
		options := server.Defaults()
		// A lesson may be left for lunch; the scripted browsers send what their
		// forebears sent, with the page's usual port in it.
		options.IdleTime, options.AllowOrigins = 0, append(origins, fmt.Sprintf("http://127.0.0.1:%d", scenario.PagePort))
		return b.Run(ctx, options, page)
	})
	if r.earlier, err = r.dial(ctx, scenario.EarlierPort); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// chat and page are the ports in the stage.
func (r *room) chat() uint16 { return bundle.Port(r.Chat) }

func (r *room) page() uint16 { return bundle.Port(r.Page) }

// address is that of the page, for a browser of this machine.
func (r *room) address() string { return fmt.Sprintf("http://127.0.0.1:%d", r.PagePort) }

// run runs a part of the room. key is the text that tells which part failed; "": the
// error does.
func (r *room) run(key string, do func() error) {
	r.running.Go(func() {
		if err := do(); err != nil {
			if key != "" {
				err = texts.Error(key, "why", err)
			}
			select {
			case r.failed <- err:
			default:
			}
		}
	})
}

// packets reads the capture and hands over each packet, until the room is closed.
func (r *room) packets(hand func(capture.Packet)) {
	r.run("part.capture", func() error {
		for p, err := range capture.All(r.Packets) {
			if err != nil {
				return err
			}
			kept := *p
			kept.Data = bytes.Clone(p.Data)
			hand(kept)
		}
		return nil
	})
}

// close ends everything in the room.
func (r *room) close() {
	r.stop()
	for _, c := range []net.Conn{r.earlier, r.student} {
		if c != nil {
			c.Close()
		}
	}
	r.running.Wait()
}
