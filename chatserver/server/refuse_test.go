package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"chatlab/chatserver/chat"
)

// desk is who decides who may speak.
type desk struct {
	mu     sync.Mutex
	paused bool
	muted  string // the key of who is
	asked  chan netip.AddrPort
}

func (d *desk) set(paused bool, muted string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paused, d.muted = paused, muted
}

func (d *desk) refuse(from netip.AddrPort, who string) chat.Refusal {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked <- from
	switch {
	case d.paused:
		return chat.Paused
	case who != "" && who == d.muted:
		return chat.Muted
	}
	return chat.Granted
}

// dialAs shakes hands with a cookie.
func dialAs(t *testing.T, addr, who string) *raw {
	t.Helper()
	c := connect(t, addr)
	c.write([]byte(strings.Replace(request, "\r\n\r\n", "\r\nCookie: who="+who+"\r\n\r\n", 1)))
	c.readHead()
	return c
}

const loginToday = `{"type":"login","client_name":"%s","room_id":1}`

// A message that is refused reaches nobody, and who said it is told so behind all that
// they were told before. Who is muted is so in each of their connections, from the first
// message on; who comes gets in.
func TestRefuse(t *testing.T) {
	d := desk{asked: make(chan netip.AddrPort, 10)}
	var log strings.Builder
	var clock clock
	clock.set(time.Date(2014, 8, 12, 17, 50, 0, 0, shanghai))
	addr, stop := serveUntil(t, Options{
		Clock: clock.now, Refuse: d.refuse, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Who: func(r *http.Request) string {
			c, err := r.Cookie("who")
			if err != nil {
				return ""
			}
			return c.Value
		},
	})
	listener := login(t, addr, "listener") // of 2014
	a := dialAs(t, addr, "a")
	a.say(loginToday, "a")
	a.hear()
	listener.hear()

	d.set(true, "")
	a.say(`{"type":"say","to_client_id":"all","content":"<1>"}`)
	a.want(`{"type":"refused","why":"paused","to_client_id":"all","content":"&lt;1&gt;","time":"2014-08-12 17:50:00"}`)
	a.say(`{"type":"say","to_client_id":7,"to_client_name":"x","content":"to one"}`)
	a.want(`{"type":"refused","why":"paused","to_client_id":"7","content":"to one","time":"2014-08-12 17:50:00"}`)
	late := dialAs(t, addr, "late")
	late.say(loginToday, "late")
	if got := late.hear(); !strings.Contains(got, "client_list") {
		t.Errorf("who comes while all is paused hears %s", got)
	}
	a.hear()
	listener.hear()
	for range 2 {
		if from := <-d.asked; from.String() != a.conn.LocalAddr().String() {
			t.Errorf("asked about %v, not %v", from, a.conn.LocalAddr())
		}
	}
	listener.say(`{"type":"say","to_uid":"all","content":"of 2014"}`)
	<-d.asked

	d.set(false, "a")
	a.say(`{"type":"say","to_client_id":"all","content":"2"}`)
	a.want(`{"type":"refused","why":"muted","to_client_id":"all","content":"2","time":"2014-08-12 17:50:00"}`)
	a.conn.Close()
	listener.hear() // that a has gone
	a = dialAs(t, addr, "a")
	a.write(append(mask(0x81, `{"type":"login","client_name":"a","room_id":1}`), mask(0x81, `{"type":"say","to_client_id":"all","content":"3"}`)...))
	a.hear()
	a.want(`{"type":"refused","why":"muted","to_client_id":"all","content":"3","time":"2014-08-12 17:50:00"}`)
	listener.hear()

	d.set(false, "")
	a.say(`{"type":"say","to_client_id":"all","content":"4"}`)
	saysContent(t, a, "4")
	saysContent(t, listener, "4") // and nothing in between
	if err := stop(); err != nil {
		t.Error(err)
	}
	for line, want := range map[string]int{
		`msg="not delivered"`: 5, "why=paused": 3, "why=muted": 2, "count=3": 1, "from=" + a.conn.LocalAddr().String() + " why=muted count=1": 1,
	} {
		if got := strings.Count(log.String(), line); got != want {
			t.Errorf("%d lines of the log have %s, want %d:\n%s", got, line, want, log.String())
		}
	}
}
