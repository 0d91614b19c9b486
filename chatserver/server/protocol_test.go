package server

import (
	"strings"
	"testing"
)

// login brings a client of 2014 into the room, and reads what it hears of that.
func login(t testing.TB, addr, name string) *raw {
	t.Helper()
	c := dial(t, addr)
	c.login(name)
	return c
}

func (c *peer) login(name string) {
	c.t.Helper()
	c.say(`{"type":"login","name":"%s"}`, name)
	c.hear()
	c.hear()
}

func saysContent(t *testing.T, c interface{ hear() string }, content string) {
	t.Helper()
	if got := c.hear(); !strings.Contains(got, `"content":"`+content+`"`) {
		t.Fatalf("heard %.200s, want content %.200s", got, content)
	}
}

const sayHi = `{"type":"say","to_uid":"all","content":"hi"}`

func TestMessages(t *testing.T) {
	t.Run("fragments with a ping between", func(t *testing.T) {
		addr := serve(t, Options{})
		c := login(t, addr, "a")
		c.write(mask(0x01, sayHi[:10]))
		c.write(mask(0x00, ""))
		c.write(mask(0x89, "are you there?"))
		c.write(mask(0x00, sayHi[10:20]))
		c.write(mask(0x80, sayHi[20:]))
		if first, payload, err := c.frame(); first != 0x8a || payload != "are you there?" || err != nil {
			t.Fatalf("frame %#x %q, %v instead of a Pong", first, payload, err)
		}
		saysContent(t, c, "hi")
	})
	t.Run("binary", func(t *testing.T) {
		addr := serve(t, Options{})
		c := login(t, addr, "a")
		c.write(mask(0x82, sayHi))
		saysContent(t, c, "hi")
	})
	t.Run("several in one segment", func(t *testing.T) {
		addr := serve(t, Options{})
		c := login(t, addr, "a")
		c.write([]byte(strings.Repeat(string(mask(0x81, sayHi)), 100)))
		for range 100 {
			saysContent(t, c, "hi")
		}
	})
	t.Run("a long one", func(t *testing.T) {
		addr := serve(t, Options{})
		c := login(t, addr, "a")
		long := strings.Repeat("x", 60000)
		c.say(`{"type":"say","to_uid":"all","content":"%s"}`, long)
		saysContent(t, c, long)
	})
	t.Run("bad input is ignored", func(t *testing.T) {
		addr := serve(t, Options{})
		c := dial(t, addr)
		for _, m := range []string{sayHi, "", "no JSON", "[]", "null", `{"type":"login"}`, `{"type":"login","room_id":1}`,
			`{"type":"login","client_name":"a"}`, `{"type":1}`, `{"type":"dance"}`, `{}`} {
			c.say("%s", m)
		}
		c.write(mask(0x82, "\xff\xfe"))
		c.say(`{"type":"login","name":"a"}`)
		c.hear()
		c.hear()
		for _, m := range []string{`{"type":"say"}`, `{"type":"say","to_uid":"all"}`, `{"type":"say","content":"x"}`,
			`{"type":"say","to_uid":"all","content":{}}`, `{"type":"say","to_uid":7,"content":"nobody"}`, `{"type":"login","client_name":"a","room_id":2}`} {
			c.say("%s", m)
		}
		c.say(sayHi)
		saysContent(t, c, "hi")
	})
}

func TestEndings(t *testing.T) {
	for _, e := range []struct {
		name  string
		bytes []byte
		code  int
	}{
		{"not masked", []byte("\x81\x02{}"), 1002},
		{"a reserved bit", mask(0xc1, sayHi), 1002},
		{"an unknown opcode", mask(0x83, sayHi), 1002},
		{"a continuation of nothing", mask(0x80, sayHi), 1002},
		{"a fragmented ping", mask(0x09, ""), 1002},
		{"a long ping", mask(0x89, strings.Repeat("x", 126)), 1002},
		{"text that is not UTF-8", mask(0x81, "\xff"), 1007},
		{"a negative length", []byte("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff1234"), 1002},
		{"a close", mask(0x88, "\x03\xe8bye"), 1000},
		{"a close with a code of its own", mask(0x88, "\x0f\xa0"), 4000},
		{"a close without a code", mask(0x88, ""), 1005},
		{"a close with half a code", mask(0x88, "x"), 1002},
	} {
		t.Run(e.name, func(t *testing.T) {
			addr := serve(t, Options{}) // where nobody is still about to leave
			other := login(t, addr, "other")
			c := login(t, addr, "c")
			other.hear()
			c.write(e.bytes)
			if code, reason := c.closed(); code != e.code {
				t.Errorf("closed with %d %q, want %d", code, reason, e.code)
			}
			c.eof()
			if got := other.hear(); !strings.Contains(got, "logout") {
				t.Errorf("the room heard %s", got)
			}
		})
	}
}

// A client may end its own half of the connection and still hear the answers.
func TestHalfClosed(t *testing.T) {
	addr := serve(t, Options{})
	for range 50 {
		c := connect(t, addr)
		c.write([]byte(request + string(mask(0x81, `{"type":"login","name":"a"}`)) + string(mask(0x81, sayHi))))
		if err := c.conn.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		c.readHead()
		c.hear()
		c.hear()
		saysContent(t, c, "hi")
		c.eof()
	}
}

func TestMovesHearOnlyTheirRoom(t *testing.T) {
	addr := serve(t, Options{})
	stay := dial(t, addr)
	stay.say(`{"type":"login","client_name":"stay","room_id":0}`)
	stay.hear()
	c := dial(t, addr)
	for room := range 100 {
		c.say(`{"type":"login","client_name":"mover","room_id":%d}`, room%2)
		if got := c.hear(); !strings.Contains(got, "client_list") {
			t.Fatalf("room %d: heard %s", room, got)
		}
		if got := stay.hear(); !strings.Contains(got, `"type":"log`) {
			t.Fatalf("heard %s", got)
		}
		stay.say(`{"type":"say","to_client_id":"all","content":"%d"}`, room)
		if got := stay.hear(); !strings.Contains(got, `"type":"say"`) {
			t.Fatalf("heard %s", got)
		}
		if room%2 == 0 {
			c.hear()
		}
	}
	// Another name in the same room is no move.
	c.say(`{"type":"login","client_name":"mover","room_id":"0"}`)
	c.hear()
	stay.hear()
	c.say(`{"type":"login","client_name":"renamed","room_id":0}`)
	if got := stay.hear(); !strings.Contains(got, `"type":"login"`) || !strings.Contains(got, "renamed") {
		t.Errorf("heard %s", got)
	}
}
