package wire

import (
	"encoding/json"

	"chatlab/sniffer/dissect"
)

// people knows who speaks on which connection. A page cannot know its own port,
// but the server tells each member its id, on its connection alone before any
// other: that message, seen on the wire, says whose connection it is.
type people struct {
	known map[*dissect.Conversation]*person
}

// person is a member: id is today's client_id or 2014's uid.
type person struct {
	name, id string
	listed   bool // 2014: the member list has come, the next login is its own
}

// maxPeople bounds the connections remembered.
const maxPeople = 10000

// meet learns from a segment and gives who speaks on its connection.
func (ps *people) meet(e *dissect.Event) person {
	if ps.known == nil || len(ps.known) > maxPeople {
		ps.known = map[*dissect.Conversation]*person{}
	}
	p := ps.known[e.Conversation]
	if p == nil {
		p = &person{}
		ps.known[e.Conversation] = p
	}
	for i := range e.Units {
		if u := &e.Units[i]; u.Kind == dissect.FrameUnit && u.Frame.Message != nil {
			p.hear(u.From, u.Frame.Message)
		}
	}
	if e.Segment.Flags&dissect.RST != 0 {
		defer delete(ps.known, e.Conversation)
	}
	return *p
}

// introduction is what login messages of both dialects say of a member.
type introduction struct {
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	ClientName string          `json:"client_name"`
	UID        json.Number     `json:"uid"`
	ClientID   string          `json:"client_id"`
	ClientList json.RawMessage `json:"client_list"`
}

func (p *person) hear(from dissect.Side, text []byte) {
	var m introduction
	if json.Unmarshal(text, &m) != nil {
		return
	}
	switch {
	case from == dissect.Client && m.Type == "login":
		p.name = short(m.Name + m.ClientName)
	case from == dissect.Server && m.Type == "user_list":
		p.listed = true
	case from == dissect.Server && m.Type == "login" && m.ClientList != nil:
		p.id = short(m.ClientID)
	case from == dissect.Server && m.Type == "login" && p.listed && m.UID != "":
		p.id, p.listed = short(m.UID.String()), false
	}
}

// short bounds what a message may make us remember.
func short(s string) string {
	if r := []rune(s); len(r) > 64 {
		return string(r[:64])
	}
	return s
}
