package main

import (
	"fmt"
	"net/url"
	"testing"

	"chatlab/webclient/site"
)

// A page of a name that somebody else controls and has made to point here (DNS
// rebinding) neither joins the chat nor sees the packets, in a real browser.
func TestReboundPage(t *testing.T) {
	page, chat, _ := serveWire(t, site.Options{})
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	chat.opts.AllowOrigins = []string{"http://lab.example:" + u.Port()}
	chat.stop()
	chat.start()
	for _, c := range []struct{ host, chat, wire string }{
		{"127.0.0.1", "open", "hello"},
		{"localhost", "open", "hello"},
		{"evil.example", "refused", "local-only"},
		{"lab.example", "open", "local-only"}, // as --allow-origin says, which is the chat's
	} {
		b := open(t, fmt.Sprintf("http://%s:%s/", c.host, u.Port()), 1280, 720, "en")
		got := eval[string](b, fmt.Sprintf(`new Promise((done) => {
			const socket = new WebSocket("ws://%s:%d/");
			socket.onopen = () => done("open");
			socket.onerror = () => done("refused");
		})`, c.host, chat.port()))
		if got != c.chat {
			t.Errorf("%s: the chat is %s, want %s", c.host, got, c.chat)
		}
		got = eval[string](b, `new Promise((done) => {
			const socket = new WebSocket("ws://" + location.host + "/wire");
			socket.onmessage = (e) => done(JSON.parse(e.data).type);
			socket.onerror = () => done("refused");
		})`)
		if got != c.wire {
			t.Errorf("%s: the wire says %s, want %s", c.host, got, c.wire)
		}
		if c.wire == "local-only" {
			b.until(`document.querySelector("#wire-notice").textContent.includes("not through a tunnel")`)
		}
		// The page says what may be wrong, which the browser keeps from it.
		b.until(`document.querySelector("#nickname").open`)
		b.answer("mynick")
		b.until(`["open", "waiting"].includes(document.querySelector("#state").dataset.state)`)
		if got := eval[bool](b, `document.querySelector("#messages").textContent.includes("opened by a name")`); got != (c.chat == "refused") {
			t.Errorf("%s: the page blames its name: %v", c.host, got)
		}
		b.clean()
	}
}
