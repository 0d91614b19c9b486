package guide

import (
	"fmt"
	"slices"
	"strings"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// predictions gives the questions that stand before the record of index i in a
// live step: the packet has been captured but not shown, and the student says
// what it will be.
func (l *Lesson) predictions(i int) []*question {
	return slices.DeleteFunc(l.questionsAt(i, l.state.Step), func(q *question) bool { return l.answered(q.id) })
}

// questionsAt gives the questions that stand before a record in a live step,
// answered or not.
func (l *Lesson) questionsAt(i int, step Step) []*question {
	r := l.trace.records[i]
	if !l.students(r) {
		return nil
	}
	var asked []*question
	switch step {
	case Nickname:
		asked = []*question{l.acceptFlags(r), l.requestAck(r), l.status(r), l.nextByte(askLoginByte, r, chat.Login), l.serverMask(r)}
	case Message:
		asked = []*question{l.nextByte(askSayByte, r, chat.Say), l.firstCopy(r), l.copyAck(r)}
	}
	asked = slices.DeleteFunc(asked, func(q *question) bool { return q == nil })
	for _, q := range asked {
		q.at = i
	}
	return asked
}

func (l *Lesson) acceptFlags(r *record) *question {
	if r.kind != dissect.HandshakeSYNACK {
		return nil
	}
	return &question{id: askAcceptFlags, form: "flags", args: []any{"port", r.client},
		answer: flagsText(r.segment.Flags), judge: wantFlags(r.segment.Flags)}
}

// requestAck asks for the ack number of the first segment that acknowledges the
// whole upgrade request.
func (l *Lesson) requestAck(r *record) *question {
	for _, u := range l.trace.units {
		if u.ackedBy == r && u.Kind == dissect.RequestUnit && u.HTTP.Upgrades() {
			return &question{id: askRequestAck, form: "number",
				args: []any{"packet", u.record.number, "length", u.length(), "first", u.Start,
					"last", u.End - 1, "end", u.End},
				answer: itoa(r.relAck),
				judge: wantNumber(uint64(r.relAck), map[uint64]string{
					uint64(u.End - 1): "last-byte", uint64(r.segment.Ack): "absolute",
					uint64(r.relSeq): "own-numbers", uint64(u.Start): "old-ack",
				}),
			}
		}
	}
	return nil
}

func (l *Lesson) status(r *record) *question {
	for _, u := range r.units {
		if u.Kind == dissect.ResponseUnit {
			return &question{id: askStatus, form: "number", answer: itoa(u.HTTP.Status()),
				judge: wantNumber(uint64(u.HTTP.Status()), map[uint64]string{200: "status-ok"})}
		}
	}
	return nil
}

// maskedFrame gives the masked frame with a chat message of a type in r, or nil.
func maskedFrame(r *record, kind chat.Type) *unit {
	for _, u := range r.units {
		if isMessage(dissect.Client, kind)(u) && u.Frame.Masked && !u.Frame.Cut && len(u.Frame.Raw) == len(u.Frame.Payload) {
			return u
		}
	}
	return nil
}

// nextByte shows the masked bytes of a frame and asks for an unmasked one.
func (l *Lesson) nextByte(id string, r *record, kind chat.Type) *question {
	u := maskedFrame(r, kind)
	if u == nil || len(u.Frame.Payload) < 8 {
		return nil
	}
	f := &u.Frame
	n := 2 // in a login: what comes behind {"
	if id == askSayByte {
		// The first letter of what was said, which only its sender knows yet.
		const before = `"content":"`
		at := strings.Index(string(f.Payload), before)
		if at < 0 || u.message.Content == "" {
			return nil
		}
		n = at + len(before)
	}
	from := max(0, n-7)
	key := f.Key[n%4]
	return &question{id: id, form: "byte",
		args: []any{"packet", r.number, "length", len(f.Payload),
			"header", fmt.Sprintf("% x", u.headerBytes()), "key", fmt.Sprintf("% x", f.Key[:]),
			"n", n, "keyindex", n % 4, "from", from,
			"masked", fmt.Sprintf("% x", f.Raw[from:n+1]), "known", printable(f.Payload[:n]),
			"byte", fmt.Sprintf("%02x", f.Raw[n]), "keybyte", fmt.Sprintf("%02x", key),
			"bits", fmt.Sprintf("%08b", f.Raw[n]), "keybits", fmt.Sprintf("%08b", key)},
		answer: byteText(f.Payload[n]),
		judge:  wantByte(f.Payload[n], map[byte]string{f.Raw[n]: "still-masked", key: "key-itself"}),
	}
}

// headerBytes gives a frame's header without the key, as it was on the wire.
func (u *unit) headerBytes() []byte {
	h := u.Frame.FrameHeader
	b := dissect.AppendFrame(nil, h, u.Frame.Payload)
	return b[:len(b)-len(u.Frame.Payload)-4]
}

func printable(b []byte) string {
	if n := len(b); n > 24 {
		return "…" + strings.ToValidUTF8(string(b[n-24:]), "·")
	}
	return strings.ToValidUTF8(string(b), "·")
}

func (l *Lesson) serverMask(r *record) *question {
	for _, u := range r.units {
		if u.Kind == dissect.FrameUnit && u.From == dissect.Server {
			return &question{id: askServerMask, form: "yesno",
				args:   []any{"payload", u.Frame.Length, "head", u.length() - uint32(u.Frame.Length)},
				answer: l.text(map[bool]string{true: "yes", false: "no"}[u.Frame.Masked]),
				judge:  wantYesNo(u.Frame.Masked)}
		}
	}
	return nil
}

// passedOn tells whether u is what the student said, as it comes back from the
// server; others speak too, and 猪猪 does each time that a lesson is gone on with.
func (l *Lesson) passedOn(u *unit) bool {
	say := l.sayUnit()
	return say != nil && isMessage(dissect.Server, chat.Say)(u) && u.record.conv == say.record.conv && u.record.number > say.record.number &&
		u.message.Content == l.deliveredContent(say)
}

// firstCopy asks who is told first, if there is more than one to be told.
func (l *Lesson) firstCopy(r *record) *question {
	other := l.otherPortBefore(r.number - 1)
	if other == 0 {
		return nil
	}
	for _, u := range r.units {
		if l.passedOn(u) {
			return &question{id: askFirstCopy, form: "number", args: []any{"port", r.client, "other", other},
				answer: itoa(r.client), judge: wantNumber(uint64(r.client), map[uint64]string{uint64(other): "newest-first"})}
		}
	}
	return nil
}

// copyAck asks for the ack number by which the browser acknowledges the message
// that it was delivered.
func (l *Lesson) copyAck(r *record) *question {
	for _, u := range l.trace.units {
		if u.ackedBy == r && r.segment.Length == 0 && l.passedOn(u) && u.record.number < r.number {
			return &question{id: askCopyAck, form: "number",
				args: []any{"packet", u.record.number, "first", u.Start, "end", u.End,
					"last", u.End - 1, "length", u.length()},
				answer: itoa(r.relAck),
				judge: wantNumber(uint64(r.relAck), map[uint64]string{
					uint64(u.End - 1): "last-byte", uint64(r.segment.Ack): "absolute",
					uint64(r.relSeq): "own-numbers", uint64(u.Start): "old-ack", uint64(u.length()): "length",
				}),
			}
		}
	}
	return nil
}
