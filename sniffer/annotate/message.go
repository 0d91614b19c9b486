package annotate

import (
	"encoding/json"
	"html"
	"strings"
)

// message is a chat message of either dialect, as far as comments need it. The
// dialect of 2014 says name and uid, today's client_name and client_id.
type message struct {
	Type           string          `json:"type"`
	Name           string          `json:"name"`
	ClientName     string          `json:"client_name"`
	UID            json.RawMessage `json:"uid"`
	ClientID       string          `json:"client_id"`
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

// parseMessage reads a chat message; ok is false if text is none.
func parseMessage(text []byte) (m message, ok bool) {
	return m, json.Unmarshal(text, &m) == nil && m.Type != ""
}

// id gives an id as text, whether it came as a number or as a string.
func id(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }

func (m *message) subject() string { return first(m.ClientID, id(m.UID)) }
func (m *message) speaker() string { return first(m.FromClientID, id(m.FromUID)) }
func (m *message) hearer() string  { return first(id(m.ToClientID), id(m.ToUID)) }
func (m *message) name() string    { return first(m.ClientName, m.Name) }

// members gives the ids and names of a member list, in its order.
func (m *message) members() (ids, names []string) {
	for _, u := range m.UserList {
		ids, names = append(ids, id(u.UID)), append(names, text(u.Name))
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
		ids, names = append(ids, key.(string)), append(names, text(s))
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
