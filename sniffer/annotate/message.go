package annotate

import (
	"encoding/json"
	"html"
	"strings"
)

// Message is a chat message of either dialect, with its texts as they were on
// the wire. The dialect of 2014 says name and uid, today's client_name and
// client_id.
type Message struct {
	Type           string          `json:"type"`
	Name           string          `json:"name"`
	ClientName     string          `json:"client_name"`
	UID            json.RawMessage `json:"uid"`
	ClientID       string          `json:"client_id"`
	RoomID         json.RawMessage `json:"room_id"`
	FromUID        json.RawMessage `json:"from_uid"`
	FromClientID   string          `json:"from_client_id"`
	FromClientName string          `json:"from_client_name"`
	ToUID          json.RawMessage `json:"to_uid"`
	ToClientID     json.RawMessage `json:"to_client_id"`
	ToClientName   string          `json:"to_client_name"`
	Content        string          `json:"content"`
	UserList       []struct {
		UID  json.RawMessage `json:"uid"`
		Name string          `json:"name"`
	} `json:"user_list"`
	ClientList json.RawMessage `json:"client_list"`
}

// ParseMessage reads a chat message; ok is false if text is none.
func ParseMessage(text []byte) (m Message, ok bool) {
	return m, json.Unmarshal(text, &m) == nil && m.Type != ""
}

// id gives an id as text, whether it came as a number or as a string.
func id(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }

// Subject gives the uid or client_id of whom a login or logout is about.
func (m *Message) Subject() string { return first(m.ClientID, id(m.UID)) }

// Speaker gives the uid or client_id of whose words a say passes on.
func (m *Message) Speaker() string { return first(m.FromClientID, id(m.FromUID)) }

// Hearer gives the uid or client_id of whom a say is for; "all" is everybody.
func (m *Message) Hearer() string { return first(id(m.ToClientID), id(m.ToUID)) }

// Nick gives the name in a login.
func (m *Message) Nick() string { return first(m.ClientName, m.Name) }

// Room gives the room in a login; the dialect of 2014 has none.
func (m *Message) Room() string { return id(m.RoomID) }

// Today tells whether the message is of today's dialect.
func (m *Message) Today() bool {
	return m.ClientName != "" || m.ClientID != "" || m.FromClientID != "" || len(m.ToClientID) > 0 || len(m.RoomID) > 0
}

// Members gives the ids and names of a member list, in its order.
func (m *Message) Members() (ids, names []string) {
	for _, u := range m.UserList {
		ids, names = append(ids, id(u.UID)), append(names, u.Name)
	}
	// Members of an object come in an order that a map would lose.
	d := json.NewDecoder(strings.NewReader(string(m.ClientList)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ids, names
	}
	for d.More() {
		key, err := d.Token()
		var name any
		if err != nil || d.Decode(&name) != nil {
			break
		}
		s, _ := name.(string)
		ids, names = append(ids, key.(string)), append(names, s)
	}
	return ids, names
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// text gives a server's text as it was typed: PHP's htmlspecialchars undone.
func text(s string) string { return html.UnescapeString(s) }
