package guide

import (
	"encoding/base64"
	"fmt"
	"slices"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// conversation is the student's connection, as far as the reading needs it.
type conversation struct {
	syn, synACK, ack  *record
	request, response *unit
	login, say        *unit
	copies            []*unit // the message as it was delivered to each member
}

// conversation finds the connection on which the student spoke.
func (l *Lesson) conversation() *conversation {
	c := &conversation{}
	c.say = l.sayUnit()
	if c.say == nil {
		return nil
	}
	conv := c.say.record.conv
	for _, r := range l.trace.records {
		switch {
		case r.conv != conv:
		case r.kind == dissect.HandshakeSYN:
			c.syn = r
		case r.kind == dissect.HandshakeSYNACK:
			c.synACK = r
		case r.kind == dissect.HandshakeACK:
			c.ack = r
		}
	}
	for _, u := range l.trace.units {
		mine := u.record.conv == conv
		switch {
		case mine && u.Kind == dissect.RequestUnit && u.HTTP.Upgrades():
			c.request = u
		case mine && u.Kind == dissect.ResponseUnit:
			c.response = u
		case mine && isMessage(dissect.Client, chat.Login)(u) && c.login == nil:
			c.login = u
		case u.record.number >= c.say.record.number && isMessage(dissect.Server, chat.Say)(u) && !l.stranger(u.record) && u.message.Content == l.deliveredContent(c.say):
			c.copies = append(c.copies, u)
		}
	}
	return c
}

// read goes on in a step of the reading. It tells whether the step is done.
func (l *Lesson) read() bool {
	for _, q := range l.reading(l.state.Step) {
		if !l.answered(q.id) {
			l.ask(q)
			return false
		}
	}
	for _, line := range l.explain(l.state.Step) {
		l.out = append(l.out, Output{Kind: Sentence, Text: line})
	}
	l.enter(l.state.Step.next())
	return true
}

// deliveredContent is how the server passes on what was said: the content of
// the first delivery behind it on the same connection, or else as it was said.
func (l *Lesson) deliveredContent(say *unit) string {
	u := l.trace.find(say.record.number-1, len(l.trace.records), func(u *unit) bool {
		return u.record.conv == say.record.conv && isMessage(dissect.Server, chat.Say)(u)
	})
	if u == nil {
		return say.message.Content
	}
	return u.message.Content
}

// reading gives a reading step's questions. A question whose packets were not
// captured is left out.
func (l *Lesson) reading(step Step) []*question {
	c := l.conversation()
	if c == nil {
		return nil
	}
	var asked []*question
	ask := func(q *question) {
		if q != nil && q.harmless() {
			q.at = -1
			asked = append(asked, q)
		}
	}
	switch step {
	case Handshake:
		ask(l.thirdAck(c))
	case Upgrade:
		ask(l.acceptBytes(c))
	case Masking:
		ask(l.keyByte(c))
		ask(l.serverSize(c))
	case Acks:
		ask(l.whoAcks(c))
	}
	return asked
}

func (l *Lesson) thirdAck(c *conversation) *question {
	if c.synACK == nil || c.ack == nil {
		return nil
	}
	isn := c.synACK.segment.Seq
	return &question{id: askThirdAck, form: "number",
		args:   []any{"accept", c.synACK.number, "packet", c.ack.number, "isn", isn},
		answer: itoa(c.ack.segment.Ack),
		judge: wantNumber(uint64(c.ack.segment.Ack), map[uint64]string{
			uint64(isn): "syn-counts", 1: "relative", uint64(c.ack.segment.Seq): "own-numbers",
		}),
	}
}

func (l *Lesson) acceptBytes(c *conversation) *question {
	if c.response == nil {
		return nil
	}
	accept := c.response.HTTP.Get("Sec-WebSocket-Accept")
	b, err := base64.StdEncoding.DecodeString(accept)
	if err != nil {
		return nil
	}
	return &question{id: askAcceptBytes, form: "number",
		args:   []any{"accept", l.quote(accept), "characters", len(accept), "groups", len(accept) / 4},
		answer: itoa(len(b)),
		judge: wantNumber(uint64(len(b)), map[uint64]string{
			uint64(len(accept)): "base64", uint64(len(accept) / 4 * 3): "padding", 16: "the-key",
		}),
	}
}

func (l *Lesson) keyByte(c *conversation) *question {
	f := &c.say.Frame
	if !f.Masked || f.Cut {
		return nil
	}
	return firstOf(func(yield func(*question) bool) {
		for n := len(f.Raw); n > 0; n-- { // the last one if that gives nothing away
			args, key := masking(c.say, n)
			mistakes := map[byte]string{}
			for _, other := range f.Key {
				mistakes[other] = "other-key-byte"
			}
			mistakes[f.Payload[n-1]], mistakes[f.Raw[n-1]] = "the-text", "still-masked"
			q := &question{id: askKeyByte, form: "hex",
				args:   append(args, "length", len(f.Raw), "times", (n-1)/4, "rest", (n-1)%4),
				answer: fmt.Sprintf("%02x", key),
				judge:  wantHex(key, mistakes),
			}
			if !yield(q) {
				return
			}
		}
	})
}

// serverSize asks how long the same payload would be in a frame without a mask.
func (l *Lesson) serverSize(c *conversation) *question {
	h := c.say.Frame.FrameHeader
	if !h.Masked || c.say.Frame.Cut {
		return nil
	}
	size := c.say.length()
	h.Masked = false
	bare := len(dissect.AppendFrame(nil, h, c.say.Frame.Payload))
	return &question{id: askServerSize, form: "number",
		args:   l.speaker(c.say.record, "packet", c.say.record.number, "payload", h.Length, "size", size, "masked", int(size)-int(h.Length)),
		answer: itoa(bare),
		judge:  wantNumber(uint64(bare), map[uint64]string{h.Length: "no-header", uint64(size): "with-key"}),
	}
}

func (l *Lesson) whoAcks(c *conversation) *question {
	by := c.say.ackedBy
	if by == nil {
		return nil
	}
	mistakes := map[uint64]string{uint64(c.say.record.number): "itself"}
	for _, u := range c.copies {
		if u.ackedBy != nil {
			mistakes[uint64(u.ackedBy.number)] = "acks-copy"
		}
		mistakes[uint64(u.record.number)] = "the-copy"
	}
	delete(mistakes, uint64(by.number))
	var needs []int
	for i := c.say.record.number - 1; i < l.state.Cursor; i++ {
		if r := l.trace.records[i]; !l.prelude(r) && !l.stranger(r) && !r.comment.Heartbeat {
			needs = append(needs, i)
		}
	}
	return &question{id: askWhoAcks, form: "number", needs: needs,
		args:   l.speaker(c.say.record, "packet", c.say.record.number, "first", c.say.Start, "end", c.say.End, "client", c.say.record.client),
		answer: itoa(by.number),
		judge:  wantNumber(uint64(by.number), mistakes),
	}
}

// explain returns what a reading step tells once its questions are over.
func (l *Lesson) explain(step Step) []string {
	c := l.conversation()
	if c == nil {
		return []string{l.text("read.nothing")}
	}
	switch step {
	case Handshake:
		if c.syn == nil || c.synACK == nil || c.ack == nil {
			return []string{l.text("read.nothing")}
		}
		return []string{l.text("read.handshake.tell",
			"syn", c.syn.number, "accept", c.synACK.number, "opened", c.ack.number,
			"client", c.syn.segment.Seq, "server", c.synACK.segment.Seq)}
	case Upgrade:
		if c.request == nil || c.response == nil {
			return []string{l.text("read.nothing")}
		}
		lines := []string{l.text("read.upgrade.tell",
			"request", c.request.record.number, "response", c.response.record.number,
			"key", l.quote(c.request.HTTP.Get("Sec-WebSocket-Key")), "accept", l.quote(c.response.HTTP.Get("Sec-WebSocket-Accept")))}
		return append(lines, l.text(map[bool]string{true: "read.upgrade.right", false: "read.upgrade.wrong"}[c.response.HTTP.AcceptOK]))
	case Masking:
		return []string{l.text("read.masking.tell", "packet", c.say.record.number,
			"key", fmt.Sprintf("% x", c.say.Frame.Key[:]), "text", l.quote(string(c.say.Frame.Payload)))}
	case Acks:
		return append(l.acknowledgements(c), l.text("read.acks.tell"))
	}
	return nil
}

// acknowledgements tells of each head and frame on the student's connection,
// and of the message's copies, who acknowledges it.
func (l *Lesson) acknowledgements(c *conversation) []string {
	var lines []string
	var beats []*record
	for _, u := range l.trace.units {
		if u.record.conv != c.say.record.conv && !slices.Contains(c.copies, u) {
			continue
		}
		if u.record.comment.Heartbeat && u.ackedBy != nil {
			beats = append(beats, u.record)
			continue
		}
		args := []any{"packet", u.record.number, "what", u.record.comment.Title(l.lang), "end", u.End}
		if u.ackedBy == nil {
			lines = append(lines, l.text("read.acks.none", args...))
			continue
		}
		key := "read.acks.bare"
		if u.ackedBy.segment.Length > 0 {
			key = "read.acks.data"
		}
		lines = append(lines, l.text(key, append(args, "by", u.ackedBy.number,
			"after", catalogue.Decimal{Value: u.ackedBy.segment.Packet.Time.Sub(u.record.segment.Packet.Time).Seconds() * 1000, Digits: 3})...))
	}
	if len(beats) > 0 {
		lines = append(lines, l.text("read.acks.heartbeats", "n", len(beats)))
	}
	return lines
}
