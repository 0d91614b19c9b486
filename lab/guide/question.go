package guide

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tcp"
)

// question asks for something that stands in the captured packets, before the
// lesson tells it. What is right comes from those packets.
type question struct {
	id   string
	form string // flags, number, byte or hex: how the answer is to be given
	at   int    // index of the packet that it stands before; -1: it belongs to the reading
	args []any  // of its texts: name, value, …
	// needs are the indices of packets that the answer is read from: whoever goes on
	// with a lesson does not have them on the screen any more.
	needs []int
	// answer is the right answer, as it is shown.
	answer string
	judge  judge
}

// judge tells whether what was typed is right. If it is not, mistake names a
// likely reason (a text "mistake.…") or is empty. understood is false for what
// is no answer of the kind at all.
type judge func(typed string) (right bool, mistake string, understood bool)

// The questions, in the order in which a lesson comes to them.
const (
	askAcceptFlags = "accept-flags" // which flags answer a SYN
	askRequestAck  = "request-ack"  // the ack number for the upgrade request
	askStatus      = "status"       // the status code of the upgrade response
	askLoginByte   = "login-byte"   // a byte of the login, unmasked
	askSecondByte  = "second-byte"  // the second byte of the server's frame: MASK and length
	askWireByte    = "wire-byte"    // a byte of the message, masked
	askCopySeq     = "copy-seq"     // where the sender's copy begins in the server's numbers
	askCopyAck     = "copy-ack"     // the ack number for the delivered message
	askThirdAck    = "third-ack"    // the handshake's last ack, absolute
	askAcceptBytes = "accept-bytes" // what Sec-WebSocket-Accept stands for
	askKeyByte     = "key-byte"     // which byte of the key masks a byte
	askServerSize  = "server-size"  // a frame's size without a mask
	askWhoAcks     = "who-acks"     // which packet acknowledges the message
)

// questions are all of them. Each has its texts, "ask.…", "why.…" and
// "hint.….1" to "hint.….3".
var questions = []string{
	askAcceptFlags, askRequestAck, askStatus, askLoginByte, askSecondByte,
	askWireByte, askCopySeq, askCopyAck,
	askThirdAck, askAcceptBytes, askKeyByte, askServerSize, askWhoAcks,
}

// hints is how many hints each question and each live step has.
const hints = 3

// wantFlags asks for a segment's flags.
func wantFlags(want tcp.Flags) judge {
	return func(typed string) (bool, string, bool) {
		f, ok := parseFlags(typed)
		mistake := ""
		switch missing := want &^ f; {
		case f == want:
		case missing&tcp.SYN != 0:
			mistake = "no-syn"
		case missing&tcp.ACK != 0:
			mistake = "no-ack"
		}
		return ok && f == want, mistake, ok
	}
}

// wantNumber asks for a number. mistakes has likely wrong ones with their reasons.
func wantNumber(want uint64, mistakes map[uint64]string) judge {
	return func(typed string) (bool, string, bool) {
		n, ok := parseNumber(typed)
		if ok && n == want {
			return true, "", true
		}
		return false, mistakes[n], ok
	}
}

// wantByte asks for a byte. mistakes has likely wrong ones with their reasons.
func wantByte(want byte, mistakes map[byte]string) judge { return wantOneByte(want, true, mistakes) }

// wantHex asks for a byte that is no character, such as a key's.
func wantHex(want byte, mistakes map[byte]string) judge { return wantOneByte(want, false, mistakes) }

func wantOneByte(want byte, characters bool, mistakes map[byte]string) judge {
	return func(typed string) (bool, string, bool) {
		meant := parseByte(typed, characters)
		if slices.Contains(meant, want) {
			return true, "", true
		}
		for _, b := range meant {
			if mistake := mistakes[b]; mistake != "" {
				return false, mistake, true
			}
		}
		return false, "", len(meant) > 0
	}
}

// hint gives a question's n-th hint, from 1.
func (q *question) hint(n int) catalogue.Message {
	return texts.Message(fmt.Sprintf("hint.%s.%d", q.id, n), q.args...)
}

// harmless tells whether neither the question nor a hint has the answer in it. None is
// written so, but numbers of another meaning may happen to be the same. It holds in
// every language, so that a lesson that is gone on with in another one has the same
// questions.
func (q *question) harmless() bool {
	told := []catalogue.Message{}
	if q.id != askKeyByte { // which has the whole key
		told = append(told, texts.Message("ask."+q.id, q.args...))
	}
	for n := range hints {
		told = append(told, q.hint(n+1))
	}
	for _, lang := range catalogue.Langs {
		if slices.ContainsFunc(told, func(m catalogue.Message) bool { return q.answeredBy(m.In(lang)) }) {
			return false
		}
	}
	return true
}

// answeredBy tells whether a word of text is the answer.
func (q *question) answeredBy(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return q.form != "flags" && slices.ContainsFunc(words, func(word string) bool {
		if len(word) > 2 && !strings.ContainsAny(word, "0123456789") {
			return false // no number, nor a byte
		}
		right, _, _ := q.judge(word)
		return right
	})
}

// firstOf gives the first question that gives nothing away.
func firstOf(asked iter.Seq[*question]) *question {
	for q := range asked {
		if q.harmless() {
			return q
		}
	}
	return nil
}
