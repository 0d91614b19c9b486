package dialect

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"chatlab/chatserver/chat"
)

// Type is what a client's message asks for.
type Type uint8

// The types of messages a client may send.
const (
	Login Type = iota + 1
	Say
	Pong // the answer to today's ping; it asks for nothing
)

// Message is what a client sends.
type Message struct {
	Type    Type
	Version chat.Version // of a Login: the version whose form it has
	Name    string       // of a Login
	Room    string       // of a Login; "1" in 2014's form, which has no other
	To      chat.Target  // of a Say; Serial is left to the caller, who knows the server's ids
	Content string       // of a Say
}

// Room2014 is the room of 2014's clients.
const Room2014 = "1"

// Errors of Parse. Whatever the error, the message is to be ignored and the
// connection kept, as in the original.
var (
	ErrNotJSON = errors.New("not a JSON object")
	ErrType    = errors.New("no known type")
	ErrMissing = errors.New("missing or not a text")
)

// maxDepth is the default of PHP's json_decode.
const maxDepth = 512

// Parse reads a client's message, text or binary alike. Which version's members
// a say must have is the version of the client's first login.
//
// Where a text is expected a number is accepted too, as by PHP (room 1 and room "1"
// are the same). Of a member that appears twice the last one counts. Unlike PHP's
// json_decode, Parse decodes half a surrogate pair (\ud83d alone) as U+FFFD, so that
// a page that cuts an emoji in two loses one character and not the whole message.
func Parse(msg []byte, v chat.Version) (Message, error) {
	var m Message
	if !utf8.Valid(msg) || depth(msg) > maxDepth {
		return m, ErrNotJSON
	}
	// A map and no struct: names of members are compared exactly.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(msg, &fields); err != nil || fields == nil {
		return m, ErrNotJSON
	}
	var typ string
	if raw, ok := fields["type"]; !ok || json.Unmarshal(raw, &typ) != nil {
		return m, ErrType
	}
	switch typ {
	case "login":
		m.Type = Login
		return m, m.parseLogin(fields)
	case "say":
		m.Type = Say
		return m, m.parseSay(fields, v)
	case "pong":
		m.Type = Pong
		return m, nil
	}
	return m, ErrType
}

func (m *Message) parseLogin(fields map[string]json.RawMessage) (err error) {
	if _, ok := fields["client_name"]; ok {
		m.Version = chat.Today
		if m.Name, err = text(fields, "client_name"); err == nil {
			m.Room, err = text(fields, "room_id")
		}
		return err
	}
	m.Version = chat.V2014
	m.Room = Room2014
	m.Name, err = text(fields, "name")
	return err
}

func (m *Message) parseSay(fields map[string]json.RawMessage, v chat.Version) (err error) {
	id := "to_client_id"
	if v == chat.V2014 {
		id = "to_uid"
	}
	if m.To.ID, err = text(fields, id); err != nil {
		return err
	}
	m.To.All = m.To.ID == "all"
	if v == chat.V2014 {
		m.To.UID, _ = strconv.ParseInt(m.To.ID, 10, 64)
	} else if _, ok := fields["to_client_name"]; ok {
		m.To.Name, _ = text(fields, "to_client_name")
	}
	m.Content, err = text(fields, "content")
	return err
}

// text returns a member that is a text, or a number as PHP makes it one.
func text(fields map[string]json.RawMessage, name string) (string, error) {
	raw := fields[name]
	if len(raw) > 0 {
		switch c := raw[0]; {
		case c == '"':
			var s string
			if json.Unmarshal(raw, &s) == nil {
				return s, nil
			}
		case c == '-' || c >= '0' && c <= '9':
			return number(string(raw)), nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, ErrMissing)
}

// number returns a JSON number as the text PHP makes of it: whole numbers up to
// 64 bits digit by digit, others as a float's shortest text, so that 1 and 1.0
// and 1e0 are one room.
func number(s string) string {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || math.IsInf(f, 0):
		return s
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strings.ToUpper(strconv.FormatFloat(f, 'g', -1, 64))
}

// depth returns how deep arrays and objects lie in each other in msg, if it is
// JSON.
func depth(msg []byte) (deepest int) {
	level, quoted := 0, false
	for i := 0; i < len(msg); i++ {
		switch msg[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case '{', '[':
			if !quoted {
				level++
				deepest = max(deepest, level)
			}
		case '}', ']':
			if !quoted {
				level--
			}
		}
	}
	return deepest
}
