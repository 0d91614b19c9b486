package chat

// maxNames bounds the names that are remembered, maxName the length of one, in
// characters.
const (
	maxNames = 10000
	maxName  = 128
)

// Person is who speaks on a connection, as far as its messages have told: the
// name, and the uid or client_id. A browser does not know its own port, but the
// server tells each its id, on its connection alone before any other: so an
// observer knows whose connection it is.
type Person struct{ ID, Name string }

// People knows who is who in a chat. It learns from the messages of all
// connections to one server. The zero value is ready.
type People struct {
	names map[string]string // by id
}

// Name gives the name of who has an id, or empty.
func (ps *People) Name(id string) string { return ps.names[id] }

// Sent learns from a message that the browser of p sent.
func (ps *People) Sent(p *Person, m *Message) {
	if m.Type == Login {
		p.Name = bounded(m.Name)
	}
}

// Received learns from a message that the server sent to p, and gives whom it is
// about: the name is the message's own, or else the one that has been learned.
func (ps *People) Received(p *Person, m *Message) (about Person) {
	about = Person{ID: bounded(m.ID), Name: bounded(Unescape(m.Name))}
	if m.Type == Login {
		ps.learn(about.ID, about.Name)
	}
	for _, member := range m.Members {
		ps.learn(member.ID, bounded(Unescape(member.Name)))
	}
	// An id is the connection's. A list that comes once more, after another login
	// on it, may have others behind it.
	if p.ID == "" {
		p.ID = bounded(m.Newcomer())
	}
	if about.Name == "" {
		about.Name = ps.names[about.ID]
	}
	if m.Type == Logout {
		delete(ps.names, about.ID)
	}
	return about
}

func (ps *People) learn(id, name string) {
	if id == "" {
		return
	}
	if ps.names == nil || len(ps.names) >= maxNames {
		ps.names = map[string]string{}
	}
	ps.names[bounded(id)] = name
}

// bounded cuts what a message may make us remember.
func bounded(s string) string {
	if len(s) <= maxName {
		return s
	}
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName])
	}
	return s
}
