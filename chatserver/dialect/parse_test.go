package dialect

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chatlab/chatserver/chat"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		v    chat.Version
		want Message
		err  error
	}{
		{in: `{"type":"login","name":"mynick"}`, want: Message{Type: Login, Version: chat.V2014, Name: "mynick", Room: "1"}},
		{in: ` { "name" : "\u732a\ud83d\ude00" , "type":"login" } `, want: Message{Type: Login, Version: chat.V2014, Name: "猪😀", Room: "1"}},
		{in: `{"type":"login","name":2014}`, want: Message{Type: Login, Version: chat.V2014, Name: "2014", Room: "1"}},
		{in: `{"type":"login","client_name":"alice","room_id":1}`, want: Message{Type: Login, Name: "alice", Room: "1"}},
		{in: `{"type":"login","client_name":"alice","room_id":"1"}`, want: Message{Type: Login, Name: "alice", Room: "1"}},
		{in: `{"type":"login","client_name":"alice","room_id":1.0}`, want: Message{Type: Login, Name: "alice", Room: "1"}},
		{in: `{"type":"login","client_name":"alice","room_id":1e0}`, want: Message{Type: Login, Name: "alice", Room: "1"}},
		{in: `{"type":"login","client_name":"alice","room_id":1.5}`, want: Message{Type: Login, Name: "alice", Room: "1.5"}},
		{in: `{"type":"login","client_name":"alice","room_id":-0}`, want: Message{Type: Login, Name: "alice", Room: "0"}},
		{in: `{"type":"login","client_name":"alice","name":"x","room_id":"b"}`, want: Message{Type: Login, Name: "alice", Room: "b"}},
		{in: `{"type":"login","name":"a","name":"b"}`, want: Message{Type: Login, Version: chat.V2014, Name: "b", Room: "1"}},
		{in: `{"type":"login","client_name":"alice"}`, err: ErrMissing},
		{in: `{"type":"login","client_name":"alice","room_id":null}`, err: ErrMissing},
		{in: `{"type":"login","client_name":"alice","room_id":[1]}`, err: ErrMissing},
		{in: `{"type":"login","room_id":1}`, err: ErrMissing},
		{in: `{"type":"login"}`, err: ErrMissing},
		{in: `{"type":"login","Name":"a"}`, err: ErrMissing},
		{in: `{"type":"say","to_uid":"all","content":"hi,  all !"}`, v: chat.V2014, want: Message{Type: Say, To: chat.Target{All: true, ID: "all"}, Content: "hi,  all !"}},
		{in: `{"type":"say","to_uid":783654164,"content":"psst"}`, v: chat.V2014, want: Message{Type: Say, To: chat.Target{UID: 783654164, ID: "783654164"}, Content: "psst"}},
		{in: `{"type":"say","to_uid":"783654164","content":"psst"}`, v: chat.V2014, want: Message{Type: Say, To: chat.Target{UID: 783654164, ID: "783654164"}, Content: "psst"}},
		{in: `{"type":"say","to_uid":"bob","content":"psst"}`, v: chat.V2014, want: Message{Type: Say, To: chat.Target{ID: "bob"}, Content: "psst"}},
		{in: `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":"x"}`, want: Message{Type: Say, To: chat.Target{All: true, ID: "all", Name: "所有人"}, Content: "x"}},
		{in: `{"type":"say","to_client_id":"7f00000108fc00000002","content":7}`, want: Message{Type: Say, To: chat.Target{ID: "7f00000108fc00000002"}, Content: "7"}},
		{in: `{"type":"say","to_client_id":"all","content":"a\ud83db"}`, want: Message{Type: Say, To: chat.Target{All: true, ID: "all"}, Content: "a\ufffdb"}},
		{in: `{"type":"say","to_client_id":"all","content":"\u0000\u2028"}`, want: Message{Type: Say, To: chat.Target{All: true, ID: "all"}, Content: "\x00\u2028"}},
		{in: `{"type":"say","to_uid":"all","content":"x"}`, err: ErrMissing},
		{in: `{"type":"say","to_client_id":"all","content":"x"}`, v: chat.V2014, err: ErrMissing},
		{in: `{"type":"say","to_client_id":"all"}`, err: ErrMissing},
		{in: `{"type":"say","to_client_id":"all","content":null}`, err: ErrMissing},
		{in: `{"type":"say","to_client_id":"all","content":true}`, err: ErrMissing},
		{in: `{"type":"pong"}`, want: Message{Type: Pong}},
		{in: `{"type":"Pong"}`, err: ErrType},
		{in: `{"type":"ping"}`, err: ErrType},
		{in: `{"type":7}`, err: ErrType},
		{in: `{"TYPE":"pong"}`, err: ErrType},
		{in: `{}`, err: ErrType},
		{in: ``, err: ErrNotJSON},
		{in: `null`, err: ErrNotJSON},
		{in: `[]`, err: ErrNotJSON},
		{in: `"pong"`, err: ErrNotJSON},
		{in: `{"type":"pong"} x`, err: ErrNotJSON},
		{in: `{"type":"pong",}`, err: ErrNotJSON},
		{in: "\ufeff" + `{"type":"pong"}`, err: ErrNotJSON},
		{in: "{\"type\":\"pong\",\"x\":\"\xff\"}", err: ErrNotJSON},
		{in: `{"type":"pong","x":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + `}`, want: Message{Type: Pong}},
		{in: `{"type":"pong","x":` + strings.Repeat("[", 512) + strings.Repeat("]", 512) + `}`, err: ErrNotJSON},
		{in: `{"type":"pong","x":"` + strings.Repeat(`\"[`, 600) + `"}`, want: Message{Type: Pong}},
	} {
		got, err := Parse([]byte(c.in), c.v)
		if !errors.Is(err, c.err) || err == nil && got != c.want {
			t.Errorf("%.80s: %+v, %v, want %+v, %v", c.in, got, err, c.want, c.err)
		}
	}
}

// Whatever a client sends, what is made of it is JSON that says the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"type":"login","name":"mynick"}`,
		`{"type":"login","client_name":"alice","room_id":1}`,
		`{"type":"say","to_uid":"all","content":"hi,  all !"}`,
		`{"type":"say","to_client_id":"7f00000108fc00000002","to_client_name":"bob","content":"<b>\u732a\ud83d\ude00\ud83d\r\n\u2028\u0000"}`,
		`{"type":"pong"}`, `{"type":"login","client_name":1e400,"room_id":-0.5}`, "\xff", `{"type":`,
	} {
		f.Add([]byte(s))
	}
	at := time.Unix(1407837030, 0).UTC()
	f.Fuzz(func(t *testing.T, in []byte) {
		for v := range chat.Version(chat.Versions) {
			m, err := Parse(in, v)
			if err != nil {
				continue
			}
			if m.Type < Login || m.Type > Pong {
				t.Fatalf("%q: type %d", in, m.Type)
			}
			if !utf8.ValidString(m.Name) || !utf8.ValidString(m.Content) || !utf8.ValidString(m.Room) {
				t.Fatalf("%q: %+v is not UTF-8", in, m)
			}
			p := chat.Person{UID: 7, Serial: 7, Name: m.Name}
			for _, d := range []Dialect{August2014{}, NewToday(testAddr)} {
				for _, out := range everyMessage(d, chat.Person{UID: 8, Serial: 8, Name: m.Content}, p, m, at) {
					checkJSON(t, out)
				}
			}
		}
	})
}
