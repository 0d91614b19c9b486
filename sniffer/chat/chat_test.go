package chat

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The messages of both dialects, as workerman-chat and its forebear of August
// 2014 had them on the wire.
var messages = []struct {
	name, text string
	want       Message
}{
	{"2014, browser logs in", `{"type":"login","name":"mynick"}`,
		Message{Type: Login, Dialect: V2014, Name: "mynick"}},
	{"2014, list", `{"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"},{"uid":783700053,"name":"mynick"}]}`,
		Message{Type: UserList, Dialect: V2014, Members: []Member{{"783654164", "猪猪"}, {"783700053", "mynick"}}}},
	{"2014, empty list", `{"type":"user_list","user_list":[]}`,
		Message{Type: UserList, Dialect: V2014, Members: []Member{}}},
	{"2014, login", `{"type":"login","uid":783700053,"name":"mynick","time":"2014-08-12 17:50:30"}`,
		Message{Type: Login, Dialect: V2014, ID: "783700053", Name: "mynick", Time: "2014-08-12 17:50:30"}},
	{"2014, browser says", `{"type":"say","to_uid":"all","content":"hi,  all !"}`,
		Message{Type: Say, Dialect: V2014, To: Everybody, Content: "hi,  all !"}},
	{"2014, say", `{"type":"say","from_uid":783700053,"to_uid":"all","content":"hi,  all !","time":"2014-08-12 :51:02"}`,
		Message{Type: Say, Dialect: V2014, ID: "783700053", To: Everybody, Content: "hi,  all !", Time: "2014-08-12 :51:02"}},
	{"2014, browser says to one", `{"type":"say","to_uid":783654164,"content":"psst"}`,
		Message{Type: Say, Dialect: V2014, To: "783654164", Content: "psst"}},
	{"2014, logout", `{"type":"logout","uid":783700053,"time":"2014-08-12 17:51:30"}`,
		Message{Type: Logout, Dialect: V2014, ID: "783700053", Time: "2014-08-12 17:51:30"}},

	{"today, browser logs in", `{"type":"login","client_name":"alice","room_id":1}`,
		Message{Type: Login, Dialect: Today, Name: "alice", Room: "1"}},
	{"today, room as text", `{"type":"login","client_name":"alice","room_id":"1"}`,
		Message{Type: Login, Dialect: Today, Name: "alice", Room: "1"}},
	{"today, login", `{"type":"login","client_id":"7f00000108fc00000002","client_name":"alice","time":"2026-11-23 10:41:58"}`,
		Message{Type: Login, Dialect: Today, ID: "7f00000108fc00000002", Name: "alice", Time: "2026-11-23 10:41:58"}},
	{"today, one's own login", `{"type":"login","client_id":"a1","client_name":"alice","time":"x","client_list":{"b2":"bob","a1":"alice"}}`,
		Message{Type: Login, Dialect: Today, ID: "a1", Name: "alice", Time: "x", Members: []Member{{"b2", "bob"}, {"a1", "alice"}}}},
	{"today, PHP's empty list", `{"type":"login","client_id":"a1","client_name":"alice","client_list":[]}`,
		Message{Type: Login, Dialect: Today, ID: "a1", Name: "alice", Members: []Member{}}},
	{"today, null for a list", `{"type":"login","client_id":"a1","client_name":"alice","client_list":null}`,
		Message{Type: Login, Dialect: Today, ID: "a1", Name: "alice"}},
	{"today, browser says", `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":"hi"}`,
		Message{Type: Say, Dialect: Today, To: Everybody, ToName: "所有人", Content: "hi"}},
	{"today, say", `{"type":"say","from_client_id":"a1","from_client_name":"alice","to_client_id":"all","content":"hi","time":"x"}`,
		Message{Type: Say, Dialect: Today, ID: "a1", Name: "alice", To: Everybody, Content: "hi", Time: "x"}},
	{"today, say to one", `{"type":"say","from_client_id":"a1","from_client_name":"alice","to_client_id":"b2","content":"<b>\u5bf9\u4f60\u8bf4: <\/b>psst"}`,
		Message{Type: Say, Dialect: Today, ID: "a1", Name: "alice", To: "b2", Content: "<b>对你说: </b>psst"}},
	{"today, logout", `{"type":"logout","from_client_id":"b2","from_client_name":"bob","time":"x"}`,
		Message{Type: Logout, Dialect: Today, ID: "b2", Name: "bob", Time: "x"}},
	{"ping", `{"type":"ping"}`, Message{Type: Ping}},
	{"pong", `{"type":"pong"}`, Message{Type: Pong}},
	{"a type that nobody knows", `{"type":"odd","content":"x"}`, Message{Type: "odd", Content: "x"}},
}

func TestParse(t *testing.T) {
	for _, tt := range messages {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Parse([]byte(tt.text))
			if !ok || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, ok, tt.want)
			}
			if half := tt.text[:len(tt.text)-1]; !Begins(half, tt.want.Type) || Begins(half, "other") {
				t.Error("its beginning is not known")
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		``, `null`, `7`, `[]`, `{}`, `{"type":""}`, `{"type":7}`, `{"type":"say"`, `hello`, `{"type":"say","content":["x"]}`,
		`{"type":"say","to_uid":["x"]}`, `{"type":"say","to_client_id":true}`, `{"type":"login","room_id":{}}`,
		`{"type":"user_list","user_list":"none"}`, `{"type":"login","client_list":"none"}`, `{"type":"login","client_list":["a"]}`,
		`{"type":"login","client_list":{"a1":7}}`,
	} {
		if m, ok := Parse([]byte(text)); ok {
			t.Errorf("%s is taken: %+v", text, m)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, tt := range []struct{ wire, want string }{
		{"a &amp; b", "a & b"},
		{"&amp;lt;", "&lt;"},
		{"line1<br />\nline2 &lt;b&gt; &quot;q&quot; &#039;q&#039; <br />\r\n end", "line1\nline2 <b> \"q\" 'q' \r\n end"},
		{"&lt;br /&gt;<br />\n", "<br />\n"},
		{"<b>对你说: </b>psst &eacute;", "<b>对你说: </b>psst &eacute;"},
	} {
		if got := Unescape(tt.wire); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.wire, got, tt.want)
		}
	}
}

// exchange lets a browser send or receive a message and gives whom it is about.
func exchange(t *testing.T, ps *People, p *Person, fromServer bool, text string) Person {
	t.Helper()
	m, ok := Parse([]byte(text))
	if !ok {
		t.Fatalf("no message: %s", text)
	}
	if fromServer {
		return ps.Received(p, &m)
	}
	ps.Sent(p, &m)
	return *p
}

func TestPeople(t *testing.T) {
	for _, tt := range []struct {
		name  string
		texts []string // what the newcomer sends, then what it hears
		want  Person
		other Person // known from the list
		say   string // the other speaks
		gone  string // and leaves
	}{
		{"2014", []string{messages[0].text, messages[1].text, messages[3].text}, Person{"783700053", "mynick"}, Person{"783654164", "猪猪"},
			`{"type":"say","from_uid":783654164,"to_uid":"all","content":"x"}`, `{"type":"logout","uid":783654164}`},
		{"today", []string{messages[8].text, `{"type":"login","client_id":"a1","client_name":"alice","client_list":{"b2":"b &amp; b","a1":"alice"}}`},
			Person{"a1", "alice"}, Person{"b2", "b & b"},
			`{"type":"say","from_client_id":"b2","from_client_name":"b &amp; b","to_client_id":"all","content":"x"}`, `{"type":"logout","from_client_id":"b2"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ps People
			var p Person
			for i, text := range tt.texts {
				exchange(t, &ps, &p, i > 0, text)
			}
			if p != tt.want || ps.Name(tt.want.ID) != tt.want.Name {
				t.Errorf("the newcomer is %+v, want %+v", p, tt.want)
			}
			if got := exchange(t, &ps, &p, true, tt.say); got != tt.other {
				t.Errorf("%+v speaks, want %+v", got, tt.other)
			}
			if got := exchange(t, &ps, &p, true, tt.gone); got != tt.other || ps.Name(got.ID) != "" {
				t.Errorf("%+v leaves and is %q then", got, ps.Name(got.ID))
			}
			if p != tt.want {
				t.Errorf("the newcomer became %+v", p)
			}
		})
	}
}

// A second login on a connection changes the name. The list that comes with it
// may have others at its end.
func TestPeopleAfterSecondLogin(t *testing.T) {
	var ps People
	var p Person
	exchange(t, &ps, &p, true, `{"type":"user_list","user_list":[{"uid":1,"name":"a"}]}`)
	exchange(t, &ps, &p, true, `{"type":"user_list","user_list":[{"uid":1,"name":"b"},{"uid":2,"name":"c"}]}`)
	if p.ID != "1" || ps.Name("1") != "b" {
		t.Errorf("is %+v, known as %s", p, ps.Name("1"))
	}
}

func TestPeopleAreBounded(t *testing.T) {
	var ps People
	var p Person
	for i := range maxNames + 1 {
		long := strconv.Itoa(i) + strings.Repeat("猪", maxName)
		exchange(t, &ps, &p, true, `{"type":"login","client_id":"`+long+`","client_name":"`+long+`","client_list":{"`+long+`y":"`+long+`"}}`)
	}
	if n := utf8.RuneCountInString(p.ID); n > maxName || len(ps.names) > maxNames {
		t.Errorf("%d names, an id of %d characters", len(ps.names), n)
	}
	for id, name := range ps.names {
		if utf8.RuneCountInString(id) > maxName || utf8.RuneCountInString(name) > maxName {
			t.Fatalf("%d and %d characters", utf8.RuneCountInString(id), utf8.RuneCountInString(name))
		}
	}
}

// FuzzParse looks for a message that makes the observer panic, or remember what
// cannot be.
func FuzzParse(f *testing.F) {
	for _, tt := range messages {
		f.Add([]byte(tt.text), []byte(`{"type":"login","client_list":{"a":"b"}}`))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var ps People
		var p Person
		for _, text := range [][]byte{a, b, a} {
			m, ok := Parse(text)
			if !ok {
				if !reflect.DeepEqual(m, Message{}) {
					t.Fatalf("no message, but %+v", m)
				}
				continue
			}
			if again, _ := Parse(slices.Clone(text)); !reflect.DeepEqual(m, again) {
				t.Fatalf("%+v, then %+v", m, again)
			}
			ps.Sent(&p, &m)
			about := ps.Received(&p, &m)
			for _, s := range []string{p.ID, p.Name, about.ID, about.Name} {
				if utf8.RuneCountInString(s) > maxName {
					t.Fatalf("%d characters", utf8.RuneCountInString(s))
				}
			}
			if m.Type == Logout && ps.Name(about.ID) != "" {
				t.Fatalf("%q has left and is known", about.ID)
			}
		}
	})
}

// Of a message that is cut anywhere each member that is read is the whole one's.
func TestParseStart(t *testing.T) {
	for _, text := range []string{
		`{"type":"say","from_client_id":"7f","from_client_name":"\u732a\u732a","to_client_id":"all","content":"hi,  all !","time":"2026-11-27 22:57:20"}`,
		`{"type":"login","uid":783760653,"name":"mynick","time":"2014-08-12 17:50:30"}`,
		`{"type":"login","client_id":"7f","client_name":"mynick","client_list":{"7f":"mynick"}}`,
	} {
		whole, ok := Parse([]byte(text))
		if !ok {
			t.Fatal(text)
		}
		read := 0
		for n := range len(text) {
			m, ok := ParseStart([]byte(text[:n]))
			if ok && (m.Type != whole.Type || m.ID != "" && m.ID != whole.ID || m.Name != "" && m.Name != whole.Name ||
				m.Content != "" && m.Content != whole.Content || m.Time != "" && m.Time != whole.Time || m.Members != nil && len(m.Members) != len(whole.Members)) {
				t.Errorf("%s: %+v", text[:n], m)
			}
			if m.Name != "" {
				read++
			}
		}
		if read == 0 {
			t.Errorf("no name was read of %s", text)
		}
	}
}
