package guide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"chatlab/chatserver/server"
	"chatlab/lab/bundle"
	"chatlab/lab/play"
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
	edition string   // of the page
	earlier net.Conn // the browser that is in the chat before
	student net.Conn // the scripted student, if it was asked for
	failed  chan error
	running sync.WaitGroup
	stop    context.CancelFunc
}

// openRoom starts everything. What fails later is sent to failed.
func openRoom(ctx context.Context, s stage.Stage, at bundle.Browsers, page site.Options) (*room, error) {
	b, err := bundle.Open(bundle.Options{Stage: s, ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Browsers: &at})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	r := &room{Bundle: b, stage: s, edition: page.Edition, failed: make(chan error, 4), stop: stop}
	r.run("chat", func() error {
		options := server.Defaults()
		// A lesson may be left for lunch; the scripted browsers send what their
		// forebears sent, with the page's usual port in it.
		options.IdleTime, options.AllowOrigins = 0, []string{fmt.Sprintf("http://127.0.0.1:%d", scenario.PagePort)}
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

// run runs a part of the room.
func (r *room) run(name string, do func() error) {
	r.running.Go(func() {
		if err := do(); err != nil {
			select {
			case r.failed <- fmt.Errorf("%s: %w", name, err):
			default:
			}
		}
	})
}

// dial connects to the chat server, from that port if it is free.
func (r *room) dial(ctx context.Context, from uint16) (net.Conn, error) {
	c, err := r.stage.Dial(ctx, from, r.chat())
	if err != nil && ctx.Err() == nil {
		c, err = r.stage.Dial(ctx, 0, r.chat())
	}
	return c, err
}

// earlierPort is the port of the browser that is in the chat before.
func (r *room) earlierPort() uint16 { return uint16(r.earlier.LocalAddr().(*net.TCPAddr).Port) }

// introduce has the earlier browser join the chat and say good day, as it had in
// 2014, and then listen.
func (r *room) introduce(ctx context.Context) {
	r.run("scripted browser", func() error {
		return r.converse(ctx, r.earlier, scenario.Sent(scenario.EarlierPort, scenario.PacketSay))
	})
}

// serverAnswers are what the server's answers have in them: to a scripted browser's
// request, to its login and to its message.
var serverAnswers = []string{"HTTP/1.1 101", `"type":"login"`, `"type":"say"`}

// converse sends payloads, each when the server has answered the one before, and
// then reads until the connection ends.
func (r *room) converse(ctx context.Context, c net.Conn, payloads [][]byte) error {
	b := make([]byte, 4096)
	var heard []byte
	for i, p := range payloads {
		if i > 0 {
			// Nobody types faster, and the kernel would delay acknowledgements.
			if err := play.Pause(ctx, play.Fast(time.Second)); err != nil {
				return nil
			}
		}
		if _, err := c.Write(p); err != nil {
			return ended(err)
		}
		for heard = heard[:0]; !bytes.Contains(heard, []byte(serverAnswers[i])); {
			n, err := c.Read(b)
			heard = append(heard, b[:n]...)
			if err != nil {
				return ended(err)
			}
			if len(heard) > 1<<20 {
				heard = heard[len(heard)-4096:]
			}
		}
	}
	_, err := io.Copy(io.Discard, c)
	return ended(err)
}

// ended leaves out what closing a connection makes.
func ended(err error) error {
	var timeout net.Error
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) || errors.As(err, &timeout) {
		return nil
	}
	return err
}

// act does the student's part.
func (r *room) act(ctx context.Context, a Act) error {
	switch a {
	case OpenPage:
		r.run("scripted browser", func() error { return r.Get(ctx, "/") })
		return nil
	case Join:
		return r.join(ctx, scenario.PacketLogin)
	}
	return r.join(ctx, scenario.PacketSay)
}

// join has a scripted student send the documented payloads up to that of packet
// last: the request, the login, the message. If it is in the chat already only
// the message is left.
func (r *room) join(ctx context.Context, last scenario.Number) error {
	payloads := scenario.Sent(scenario.NewcomerPort, last)
	if r.student != nil && last == scenario.PacketSay {
		if _, err := r.student.Write(last.Segment().Payload); err == nil {
			return nil
		}
	}
	if r.student != nil {
		r.student.Close()
	}
	// As the page does before it connects.
	if err := r.Get(ctx, site.EditionPath+r.edition); err != nil {
		return err
	}
	c, err := r.dial(ctx, scenario.NewcomerPort)
	if err != nil {
		return err
	}
	r.student = c
	r.run("scripted browser", func() error { return r.converse(ctx, c, payloads) })
	return nil
}

// packets reads the capture and hands over each packet, until the room is closed.
func (r *room) packets(hand func(capture.Packet)) {
	r.run("capture", func() error {
		for {
			var p capture.Packet
			err := r.Packets.Read(&p)
			if errors.Is(err, os.ErrClosed) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			p.Data = bytes.Clone(p.Data)
			hand(p)
		}
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
