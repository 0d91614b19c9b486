package guide

import (
	"bytes"
	"fmt"
	"slices"

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
		asked = []*question{l.acceptFlags(r), l.requestAck(r), l.status(r), l.loginByte(r), l.secondByte(r)}
	case Message:
		asked = []*question{l.wireByte(r), l.copySeq(r), l.copyAck(r)}
	}
	asked = slices.DeleteFunc(asked, func(q *question) bool { return q == nil || !q.harmless() })
	for _, q := range asked {
		q.at = i
	}
	return asked
}

func (l *Lesson) acceptFlags(r *record) *question {
	if r.kind != dissect.HandshakeSYNACK {
		return nil
	}
	return &question{id: askAcceptFlags, form: "flags", args: l.speaker(r, "port", r.client),
		answer: flagsText(r.segment.Flags), judge: wantFlags(r.segment.Flags)}
}

// requestAck asks for the ack number of the first segment that acknowledges the
// whole upgrade request.
func (l *Lesson) requestAck(r *record) *question {
	for _, u := range l.trace.units {
		if u.ackedBy == r && u.Kind == dissect.RequestUnit && u.HTTP.Upgrades() {
			return &question{id: askRequestAck, form: "number",
				args:   l.speaker(u.record, "packet", u.record.number, "length", u.length(), "first", u.Start),
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

// ownBytes is how many bytes a message of the chat begins with that nobody typed:
// its type, {"type":"say". It is 0 for one that is written in another order.
func ownBytes(payload []byte) int {
	if !bytes.HasPrefix(payload, []byte(`{"type":"`)) {
		return 0
	}
	return max(0, bytes.IndexByte(payload, ','))
}

// masking gives the arguments of a question about the n-th byte of a masked
// payload, from 1, and that byte of the key. keyindex counts from 1, too.
func masking(u *unit, n int) (args []any, key byte) {
	f := &u.Frame
	key = f.Key[(n-1)%4]
	return []any{"packet", u.record.number, "key", fmt.Sprintf("% x", f.Key[:]), "n", n, "keyindex", (n-1)%4 + 1,
		"keybyte", fmt.Sprintf("%02x", key), "keybits", fmt.Sprintf("%08b", key)}, key
}

// loginByte shows the first masked bytes of the login and asks for the last of
// them unmasked: one behind {", which says nothing yet.
func (l *Lesson) loginByte(r *record) *question {
	u := maskedFrame(r, chat.Login)
	if u == nil {
		return nil
	}
	f := &u.Frame
	return firstOf(func(yield func(*question) bool) {
		for n := 3; n <= ownBytes(f.Payload); n++ {
			args, key := masking(u, n)
			masked, plain := f.Raw[n-1], f.Payload[n-1]
			q := &question{id: askLoginByte, form: "byte",
				args: append(args, "length", len(f.Payload), "header", fmt.Sprintf("% x", u.headerBytes()),
					"masked", fmt.Sprintf("% x", f.Raw[:n]), "known", string(f.Payload[:n-1]),
					"byte", fmt.Sprintf("%02x", masked), "bits", fmt.Sprintf("%08b", masked)),
				answer: byteText(plain),
				judge:  wantByte(plain, map[byte]string{masked: "still-masked", key: "key-itself"}),
			}
			if !yield(q) {
				return
			}
		}
	})
}

// wireByte asks how a byte of the message that nobody typed stands on the wire.
func (l *Lesson) wireByte(r *record) *question {
	u := maskedFrame(r, chat.Say)
	if u == nil {
		return nil
	}
	f := &u.Frame
	return firstOf(func(yield func(*question) bool) {
		for n := 1; n <= ownBytes(f.Payload); n++ {
			args, key := masking(u, n)
			masked, plain := f.Raw[n-1], f.Payload[n-1]
			q := &question{id: askWireByte, form: "hex",
				args:   l.speaker(r, append(args, "plain", byteText(plain), "bits", fmt.Sprintf("%08b", plain))...),
				answer: fmt.Sprintf("%02x", masked),
				judge:  wantHex(masked, map[byte]string{plain: "unmasked", key: "key-itself"}),
			}
			if !yield(q) {
				return
			}
		}
	})
}

// headerBytes gives a frame's header without the key, as it was on the wire.
func (u *unit) headerBytes() []byte {
	b := u.Frame.FrameHeader.Append(nil)
	return b[:len(b)-len(u.Frame.Key)]
}

// secondByte asks how the header of the server's first frame goes on behind FIN and
// the opcode: with no MASK and the payload's length (RFC 6455 §5.2).
func (l *Lesson) secondByte(r *record) *question {
	for _, u := range r.units {
		if u.Kind == dissect.FrameUnit && u.From == dissect.Server && !u.Frame.Masked {
			header := u.Frame.FrameHeader.Append(nil)
			return &question{id: askSecondByte, form: "hex",
				args:   []any{"payload", u.Frame.Length, "first", fmt.Sprintf("%02x", header[0])},
				answer: fmt.Sprintf("%02x", header[1]),
				judge:  wantHex(header[1], map[byte]string{header[1] | 0x80: "key-follows", header[0]: "first-byte"}),
			}
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

// copySeq asks where the copy for the student begins among the server's bytes: the
// packet with the message has said which it waits for.
func (l *Lesson) copySeq(r *record) *question {
	if !slices.ContainsFunc(r.units, l.passedOn) {
		return nil
	}
	say := l.sayUnit()
	if say.record.relAck != r.relSeq {
		return nil // something came between
	}
	needs := []int{say.record.number - 1}
	for i := say.record.number - 2; i >= 0; i-- {
		// What the server sent before tells it too, and may have been a heartbeat.
		if b := l.trace.records[i]; b.conv == r.conv && b.from == dissect.Server && b.segment.Length > 0 {
			if b.comment.Heartbeat {
				needs = append([]int{i}, needs...)
			}
			break
		}
	}
	return &question{id: askCopySeq, form: "number",
		needs:  needs,
		args:   l.speaker(r, "port", r.client, "packet", say.record.number),
		answer: itoa(r.relSeq),
		judge: wantNumber(uint64(r.relSeq), map[uint64]string{
			1: "anew", uint64(r.segment.Seq): "absolute", uint64(say.Start): "other-direction", uint64(say.End): "other-direction",
		}),
	}
}

// copyAck asks for the ack number by which the browser acknowledges the message
// that it was delivered.
func (l *Lesson) copyAck(r *record) *question {
	for _, u := range l.trace.units {
		if u.ackedBy == r && r.segment.Length == 0 && l.passedOn(u) && u.record.number < r.number {
			return &question{id: askCopyAck, form: "number",
				args:   l.speaker(r, "packet", u.record.number, "first", u.Start, "length", u.length()),
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
