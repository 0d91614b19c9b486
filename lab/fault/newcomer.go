package fault

import (
	"bytes"
	"context"
	"net"
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/dissect"
)

// Newcomer is the browser that does something else than documented. After an error
// its methods do nothing.
type Newcomer struct {
	ctx   context.Context
	clock stage.Clock
	play  *scenario.Play
	steps []scenario.Action
	err   error
}

// The steps of the documented scenario.
const (
	connect = iota
	upgrade
	login
	say
	steps
)

// enter plays what was before: the earlier browser is in the chat.
func (n *Newcomer) enter(deaf bool) {
	for _, a := range scenario.Actions() {
		if a.Port == scenario.NewcomerPort {
			n.steps = append(n.steps, a)
		} else {
			n.try(func() error { return n.play.Do(n.ctx, a) })
		}
	}
	n.play.Deaf = deaf
}

func (n *Newcomer) try(do func() error) {
	if n.err == nil {
		n.err = do()
	}
}

// do plays steps as documented, up to the last one given.
func (n *Newcomer) do(last int) {
	for len(n.steps) > 0 && steps-len(n.steps) <= last {
		a := n.steps[0]
		n.steps = n.steps[1:]
		n.try(func() error { return n.play.Do(n.ctx, a) })
	}
}

// moment is how long the newcomer waits for what follows: longer than TCP delays an
// acknowledgement on a kernel's loopback.
const moment = 300 * time.Millisecond

// pause waits on the stage.
func (n *Newcomer) pause(d time.Duration) {
	n.try(func() error { return n.clock.Wait(n.ctx, d, nil) })
}

// conn is a connection of a stage.
type conn interface {
	net.Conn
	CloseWrite() error
}

func (n *Newcomer) conn() conn { return n.play.Browser(scenario.NewcomerPort).(conn) }

// send sends bytes with one write, and waits a moment for the answer.
func (n *Newcomer) send(b []byte) {
	n.write(b)
	n.pause(moment)
}

// write sends bytes, and waits for nothing.
func (n *Newcomer) write(b []byte) {
	n.try(func() error {
		_, err := n.conn().Write(b)
		return err
	})
}

// read reads what has come, at once, and waits for what follows.
func (n *Newcomer) read() {
	n.try(func() error {
		_, err := n.conn().Read(make([]byte, 1<<20))
		return err
	})
	n.pause(moment)
}

// finish closes the newcomer's direction of the connection: FIN. The server may have
// ended it already.
func (n *Newcomer) finish() {
	n.try(func() error {
		_ = n.conn().CloseWrite()
		return nil
	})
	n.pause(moment)
}

// abort resets the connection: RST.
func (n *Newcomer) abort() {
	n.try(func() error { return n.conn().Close() })
	n.pause(moment)
}

// request gives the documented request for the upgrade, with one text in it replaced.
func (n *Newcomer) request(old, new string) []byte {
	return bytes.Replace(n.step(upgrade), []byte(old), []byte(new), 1)
}

// step gives what the newcomer sends in a step of the documented scenario. The
// earlier browser's steps, as many, come first.
func (n *Newcomer) step(step int) []byte { return scenario.Actions()[steps+step].Data }

// text gives the unmasked payload of a step's frame.
func (n *Newcomer) text(step int) []byte {
	frame := bytes.Clone(n.step(step))
	head, payload := frame[:6], frame[6:] // shorter than 126 bytes, and masked
	dissect.Mask(payload, [4]byte(head[2:]), 0)
	return payload
}

// key is the masking key of the newcomer's own frames. RFC 6455 §5.3 asks for a new
// one each time, that nobody can foretell; here they are to be the same each time.
var key = [4]byte{0x3c, 0x31, 0x37, 0x44}

// frame gives a masked frame.
func frame(opcode dissect.Opcode, payload []byte) []byte {
	return dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: opcode, Masked: true, Key: key}, payload)
}

// message gives a masked frame that says something to everybody.
func message(content string) []byte {
	return frame(dissect.Text, []byte(`{"type":"say","to_uid":"all","content":"`+content+`"}`))
}

// closeFrame gives a masked Close frame with a status code (RFC 6455 §5.5.1).
func closeFrame(code uint16, reason string) []byte {
	return frame(dissect.Close, append([]byte{byte(code >> 8), byte(code)}, reason...))
}
