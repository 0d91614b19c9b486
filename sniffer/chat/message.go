// Package chat reads the chat's messages as somebody who watches the wire sees
// them: what a message says, of whom, to whom, and who is who on a connection.
//
// The chat has two dialects, both JSON texts in WebSocket messages. The one of
// August 2014 says uid and name, today's client_id, client_name and room_id. The
// chat server reads and writes them with a parser of its own: an observer that
// shared it would share its faults, and could not show them.
package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// The ports of the chat, unless it is told others: of its WebSocket, and of the
// page that opens it.
const (
	Port     = 7272
	PagePort = 55151
)

// Type is what a message is, its member "type".
type Type string

// The types of both dialects.
const (
	Login    Type = "login"     // a browser takes a name; the server tells everybody
	UserList Type = "user_list" // of 2014: the server tells the newcomer who is there
	Say      Type = "say"
	Logout   Type = "logout"
	Ping     Type = "ping" // of today: the server asks whether the browser is still there
	Pong     Type = "pong"
	Refused  Type = "refused" // of today: the server tells who said something that it is not delivered
)

// Everybody is whom a Say is to in To, if it is to nobody alone.
const Everybody = "all"

// Dialect is one of the chat's two wire formats.
type Dialect string

// The dialects. The zero value is that of a message that is the same in both.
const (
	V2014 Dialect = "2014"
	Today Dialect = "today"
)

// Dialects are both.
var Dialects = []Dialect{V2014, Today}

// Message is a chat message of either dialect. Texts stand as they were on the
// wire: in those of the server Unescape undoes what PHP did to them.
type Message struct {
	Type    Type
	Dialect Dialect
	// ID is the uid or client_id of who logs in, speaks or leaves; empty in what
	// a browser sends. Name is their name; 2014 gives none with what is said and
	// who leaves.
	ID, Name string
	// To is the id of whom a Say is for, or Everybody, or empty; ToName is their
	// name, which only today's browsers send.
	To, ToName string
	Content    string
	Why        string // of what is refused: "paused" or "muted"
	Room       string // that a browser logs in to; 2014 has one room and no name for it
	// Members are those in the room, in the server's order. nil: the message has
	// no list. Only the newcomer is sent one.
	Members []Member
	// Time is the server's, as it wrote it: 2006-01-02 15:04:05, but the server of
	// 2014 leaves the hour out of what is said ("2006-01-02 :04:05").
	Time string
}

// Member is one of those in a room.
type Member struct{ ID, Name string }

// Newcomer gives the id of the member to whom a list of members was sent, or
// empty. Today's list comes with the newcomer's own login; in the one of 2014 the
// newcomer stands last.
func (m *Message) Newcomer() string {
	switch n := len(m.Members); {
	case m.Members == nil:
		return ""
	case m.ID != "" || n == 0:
		return m.ID
	default:
		return m.Members[n-1].ID
	}
}

// Parse reads a chat message. It is false for what is none: no JSON object, no
// type, or a member of another kind than both dialects give it.
func Parse(text []byte) (m Message, ok bool) {
	var w wire
	// Package json takes members in any case of letters, the chat's server does not.
	if json.Unmarshal(text, &w) != nil || w.Type == "" || !bytes.Contains(text, []byte(`"type"`)) {
		return Message{}, false
	}
	m = Message{
		Type: w.Type, Content: string(w.Content), Why: w.Why, Time: w.Time, Room: string(w.RoomID),
		ID:   first(w.FromClientID, w.ClientID, w.FromUID, w.UID),
		Name: first(w.FromClientName, w.ClientName, w.Name),
		To:   first(w.ToClientID, w.ToUID), ToName: string(w.ToClientName),
	}
	switch {
	case w.ClientList != nil:
		m.Members = w.ClientList
	case w.UserList != nil:
		m.Members = make([]Member, len(w.UserList))
		for i, u := range w.UserList {
			m.Members[i] = Member{string(u.UID), string(u.Name)}
		}
	}
	switch {
	case first(w.ClientID, w.FromClientID, w.ToClientID, w.RoomID) != "" || w.ClientList != nil ||
		first(w.ClientName, w.FromClientName, w.ToClientName) != "":
		m.Dialect = Today
	case first(w.UID, w.FromUID, w.ToUID) != "" || w.UserList != nil || w.Name != "":
		m.Dialect = V2014
	}
	return m, true
}

// ParseStart reads what is whole of a message whose end was not captured: the
// members before the cut.
func ParseStart(text []byte) (m Message, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return Message{}, false
	}
	whole := d.InputOffset()
	for {
		if _, err := d.Token(); err != nil { // the member's name
			break
		}
		var value json.RawMessage
		if d.Decode(&value) != nil || int(d.InputOffset()) == len(text) { // a number may go on behind the cut
			break
		}
		whole = d.InputOffset()
	}
	return Parse(append(bytes.Clone(text[:whole]), '}'))
}

// Begins tells whether a text that was cut short begins a message of that type:
// both dialects write the type first.
func Begins(text string, t Type) bool {
	return strings.HasPrefix(text, `{"type":"`+string(t)+`"`)
}

// wire has the members of both dialects' messages.
type wire struct {
	Type           Type    `json:"type"`
	Name           word    `json:"name"`
	ClientName     word    `json:"client_name"`
	UID            word    `json:"uid"`
	ClientID       word    `json:"client_id"`
	RoomID         word    `json:"room_id"`
	FromUID        word    `json:"from_uid"`
	FromClientID   word    `json:"from_client_id"`
	FromClientName word    `json:"from_client_name"`
	ToUID          word    `json:"to_uid"`
	ToClientID     word    `json:"to_client_id"`
	ToClientName   word    `json:"to_client_name"`
	Content        word    `json:"content"`
	Why            string  `json:"why"`
	Time           string  `json:"time"`
	ClientList     members `json:"client_list"`
	UserList       []struct {
		UID  word `json:"uid"`
		Name word `json:"name"`
	} `json:"user_list"`
}

// word is an id or a text, which comes as a number or as a string: to PHP both are
// the same.
type word string

func (i *word) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, (*string)(i))
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	*i = word(n)
	return err
}

// members is today's list, an object of names by id in an order that a map would
// lose. PHP writes an empty one as [].
type members []Member

func (m *members) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	switch t, err := d.Token(); {
	case err != nil:
		return err
	case t == nil:
		return nil
	case t != json.Delim('{') && string(b) != "[]":
		return errors.New("no list of members")
	}
	*m = members{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var name string
		if err := d.Decode(&name); err != nil {
			return err
		}
		*m = append(*m, Member{key.(string), name})
	}
	return nil
}

// first gives the first text that is not empty.
func first[T ~string](texts ...T) string {
	for _, t := range texts {
		if t != "" {
			return string(t)
		}
	}
	return ""
}
