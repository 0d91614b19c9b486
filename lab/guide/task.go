package guide

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

// Task is what a student is to do in a lesson. The zero value is none: any nickname
// and any message will do.
type Task struct {
	Student string `json:"student,omitempty"` // whose task it is; fit to be a file's name
	Nick    string `json:"nick,omitempty"`    // to take; "": the documented one
	Message string `json:"message,omitempty"` // to say to everybody; "": the documented one
}

const (
	maxNick    = 64  // characters that the chat server takes
	maxMessage = 200 // characters that one can be asked to type
)

// ValidNick tells what is wrong with a nickname that somebody is to type into the page:
// why it would not reach the wire as it is.
func ValidNick(nick string) error { return valid("--nick", nick, maxNick) }

// ValidMessage tells the same of a message.
func ValidMessage(message string) error { return valid("--message", message, maxMessage) }

func valid(flag, text string, most int) error {
	key := ""
	switch {
	case strings.TrimSpace(text) == "":
		key = "task.blank"
	case strings.TrimSpace(text) != text: // the page takes blanks away
		key = "task.edges"
	case utf8.RuneCountInString(text) > most:
		key = "task.long"
	case layout.Quote(text, most) != text:
		key = "task.control"
	default:
		return nil
	}
	return texts.Error(key, "flag", flag, "text", layout.Quote(text, 40), "n", utf8.RuneCountInString(text)).
		WithHint(texts.Message("hint.task", "flag", flag, "most", most))
}

func (t Task) given() bool { return t != Task{} }

// whole is the task with what is left open as it is documented; none stays none.
func (t Task) whole() Task {
	if t.given() {
		t.Nick, t.Message = cmp.Or(t.Nick, scenario.Nick), cmp.Or(t.Message, scenario.Message)
	}
	return t
}

// nick and message are what is asked for, or suggested.
func (t Task) nick() string    { return cmp.Or(t.Nick, scenario.Nick) }
func (t Task) message() string { return cmp.Or(t.Message, scenario.Message) }

// fits tells whether a login or what was said is as the task wants it.
func (t Task) fits(m *chat.Message) bool {
	if !t.given() {
		return true
	}
	if m.Type == chat.Login {
		return m.Name == t.nick()
	}
	return (m.To == chat.Everybody || m.To == "") && steps.SameMessage(t.message(), m.Content)
}

// payloads are what a scripted browser sends in the student's place, up to the
// documented packet last: the request, the login, the message.
func (t Task) payloads(last scenario.Number) [][]byte {
	all := scenario.Sent(scenario.NewcomerPort, last)
	if !t.given() {
		return all
	}
	for i, m := range []any{nil,
		struct {
			Type string `json:"type"`
			Name string `json:"name"`
		}{"login", t.nick()},
		struct {
			Type    string `json:"type"`
			To      string `json:"to_uid"`
			Content string `json:"content"`
		}{"say", chat.Everybody, t.message()},
	} {
		if m == nil || i >= len(all) {
			continue
		}
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false) // as JSON.stringify writes it
		_ = e.Encode(m)        // texts only
		all[i] = dissect.AppendFrame(nil, dissect.ParseFrameHeader(all[i]), bytes.TrimSpace(text.Bytes()))
	}
	return all
}

// astray says of a packet of the student's that it does not do the task.
func (l *Lesson) astray(r *record) {
	for _, u := range r.units {
		if !l.students(r) || u.From != dissect.Client || l.state.Task.fits(&u.message) {
			continue
		}
		switch {
		case u.message.Type == chat.Login && l.state.Step == Nickname:
			l.output(Failure, "task.other.nickname", "name", l.quote(u.message.Name), "packet", r.number)
			l.command(l.state.Task.nick())
		case u.message.Type == chat.Say && l.state.Step == Message:
			l.output(Failure, "task.other.message", "text", l.quote(u.message.Content), "packet", r.number)
			l.command(l.state.Task.message())
		}
	}
}

// taskText says what the task is, for the report.
func (l *Lesson) taskText() string {
	t := l.state.Task
	if !t.given() {
		return ""
	}
	key := "task.report"
	if t.Student != "" {
		key = "task.report.student"
	}
	return l.text(key, "student", layout.Quote(t.Student, maxQuoted), "nick", t.Nick, "message", t.Message)
}
