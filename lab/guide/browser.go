package guide

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"time"

	"chatlab/lab/play"
	"chatlab/lab/scenario"
	"chatlab/webclient/site"
)

// introduce has the earlier browser join the chat and say good day, as it had in
// 2014, and then listen.
func (r *room) introduce(ctx context.Context) {
	r.run("part.browser", func() error {
		return r.converse(ctx, r.earlier, scenario.Sent(scenario.EarlierPort, scenario.PacketSay))
	})
}

// serverAnswers are what the server's answers have in them: to a scripted
// browser's request, to its login and to its message.
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

// act does the student's part. It gives the port that a new connection to the chat
// has, or 0.
func (r *room) act(ctx context.Context, a Act) (from uint16, err error) {
	switch a {
	case OpenPage:
		r.run("part.browser", func() error { return r.Get(ctx, "/") })
		return 0, nil
	case Join:
		return r.join(ctx, scenario.PacketLogin)
	case Leave:
		err = ended(r.student.Close())
		r.student = nil
		return 0, err
	}
	return r.join(ctx, scenario.PacketSay)
}

// join has a scripted student send the task's payloads up to that of the documented
// packet last: the request, the login, the message. If it is in the chat already only
// the message is left.
func (r *room) join(ctx context.Context, last scenario.Number) (from uint16, err error) {
	payloads := r.task.payloads(last)
	if r.student != nil && last == scenario.PacketSay {
		if _, err := r.student.Write(payloads[len(payloads)-1]); err == nil {
			return 0, nil
		}
	}
	if r.student != nil {
		r.student.Close()
	}
	// As the page does before it connects.
	if err := r.Get(ctx, site.EditionPath+r.edition); err != nil {
		return 0, err
	}
	c, err := r.dial(ctx, scenario.NewcomerPort)
	if err != nil {
		return 0, err
	}
	r.student = c
	r.run("part.browser", func() error { return r.converse(ctx, c, payloads) })
	return port(c), nil
}

// dial connects to the chat server, from that port if it is free.
func (r *room) dial(ctx context.Context, from uint16) (net.Conn, error) {
	c, err := r.stage.Dial(ctx, from, r.chat())
	if err != nil && ctx.Err() == nil {
		c, err = r.stage.Dial(ctx, 0, r.chat())
	}
	return c, err
}

// port is a connection's own.
func port(c net.Conn) uint16 { return uint16(c.LocalAddr().(*net.TCPAddr).Port) }
