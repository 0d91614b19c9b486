package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"chatlab/webclient/site"
)

// crowd is members who talk one after another.
type crowd struct {
	t     *testing.T
	conns []*websocket.Conn
	said  int
}

func newCrowd(t *testing.T, chat *chatServer, members int) *crowd {
	t.Helper()
	c := &crowd{t: t}
	for i := range members {
		conn, _, err := websocket.Dial(t.Context(), "ws://"+chat.addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.CloseNow() })
		c.conns = append(c.conns, conn)
		go func() { // what a member hears must be read
			for {
				if _, _, err := conn.Read(context.Background()); err != nil {
					return
				}
			}
		}()
		c.send(i, map[string]any{"type": "login", "client_name": fmt.Sprintf("member %d", i), "room_id": 1})
	}
	return c
}

func (c *crowd) send(i int, message any) {
	c.t.Helper()
	data, err := json.Marshal(message)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.conns[i].Write(c.t.Context(), websocket.MessageText, data); err != nil {
		c.t.Fatal(err)
	}
}

// talk says n messages, 30 a second: three at a time, as they come to a page
// that has drawn nothing in between.
func (c *crowd) talk(n int) {
	c.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for ; n > 0; n -= 3 {
		for range 3 {
			c.say("short")
		}
		<-tick.C
	}
}

// say has the next member say something.
func (c *crowd) say(text string) {
	c.t.Helper()
	c.said++
	c.send(c.said%len(c.conns), map[string]any{"type": "say", "to_client_id": "all", "content": fmt.Sprintf("%s %d", text, c.said)})
}

// heard waits until the window has all that was said.
func (c *crowd) heard(b *window) {
	c.t.Helper()
	b.until(fmt.Sprintf(`document.querySelectorAll("#messages .text").length === %d`, c.said))
}

// watchEnd notes from now on each frame in which what was there at its beginning
// is not wholly to be seen in its end.
func watchEnd(b *window) {
	b.t.Helper()
	eval[chromedp.Void](b, `(() => {
		const list = document.querySelector("#messages");
		window.frames_ = 0;
		window.misses = [];
		const after = new MessageChannel();
		let last;
		after.port1.onmessage = () => {
			window.frames_++;
			const below = Math.round(last.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom);
			if (below > 0 || !document.querySelector("#to-newest").hidden) window.misses.push(below);
		};
		const frame = () => {
			last = [...list.querySelectorAll(".message, .event")].at(-1);
			if (last) after.port2.postMessage(0);
			requestAnimationFrame(frame);
		};
		frame();
	})()`)
}

func followed(b *window, when string) {
	b.t.Helper()
	if got := eval[[]float64](b, `window.misses`); len(got) > 0 {
		b.t.Errorf("%s: in %d of %d frames the newest message was not to be seen; pixels below: %v", when, len(got), eval[int](b, `window.frames_`), got[:min(len(got), 20)])
	}
	eval[chromedp.Void](b, `window.misses = []`)
}

// turn turns the wheel over what the selector finds; down is towards its end.
func (b *window) turn(selector string, down float64) {
	b.t.Helper()
	x, y := b.middle(selector)
	call(b, input.SynthesizeScrollGesture, input.SynthesizeScrollGestureParams{X: x, Y: y, YDistance: -down, Speed: 3000, GestureSourceType: input.GestureSourceTypeMouse})
	b.rests(selector)
}

// drag moves a finger over what the selector finds; down is towards its end.
func (b *window) drag(selector string, down float64) {
	b.t.Helper()
	const most = 280 // pixels that there is room for
	for ; down != 0; down -= max(-most, min(most, down)) {
		x, y := b.middle(selector)
		touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
			call(b, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: append([]*input.TouchPoint{}, points...)})
		}
		touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
		const moves = 10
		for range moves {
			y -= max(-most, min(most, down)) / moves
			touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: x, Y: y})
		}
		touch(input.DispatchTouchEventTypeTouchEnd)
	}
	b.rests(selector)
}

func (b *window) middle(selector string) (x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`, selector))
	return at[0], at[1]
}

// rests waits until the wheel's or finger's swing is over.
func (b *window) rests(selector string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`new Promise((done) => {
		const box = document.querySelector(%q);
		let at = NaN, frames = 0;
		const look = () => {
			if (box.scrollTop !== at) [at, frames] = [box.scrollTop, 0];
			if (++frames === 10) done(0);
			else requestAnimationFrame(look);
		};
		look();
	})`, selector))
}

const messagesAt = `document.querySelector("#messages").scrollTop`
const fromEnd = `(() => { const m = document.querySelector("#messages"); return m.scrollHeight - m.scrollTop - m.clientHeight; })()`

func TestLogFollows(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int64
		scroll        func(b *window, selector string, down float64)
	}{{"wheel", 1280, 720, (*window).turn}, {"finger", 390, 844, (*window).drag}} {
		t.Run(tt.name, func(t *testing.T) {
			page, chat := serveBoth(t, site.Options{})
			b := openFor(t, page, tt.width, tt.height, "en", 3*time.Minute)
			b.enter("reader")
			members := newCrowd(t, chat, 10)
			members.talk(30)
			members.heard(b)
			watchEnd(b)
			members.talk(90)
			members.heard(b)
			followed(b, "30 messages a second")

			// What takes room from the log, and what makes its lines longer, is not
			// the reader.
			for _, change := range []struct {
				what string
				act  func()
			}{
				{"a longer draft", func() { b.write("one\ntwo\nthree\nfour") }},
				{"a keyboard on the screen", func() { b.do(chromedp.EmulateViewport(tt.width, tt.height-300)) }},
				{"another language", func() { b.choose("#language", "fr") }},
				{"a larger font", func() { eval[chromedp.Void](b, `document.documentElement.style.fontSize = "21px"`) }},
				{"no keyboard", func() { b.do(chromedp.EmulateViewport(tt.width, tt.height)) }},
				{"a smaller font", func() { eval[chromedp.Void](b, `document.documentElement.style.fontSize = ""`) }},
			} {
				members.talk(3)
				change.act()
				members.talk(3)
				members.heard(b)
				settle(b)
				if got := eval[float64](b, fromEnd); got > 1 {
					t.Errorf("%s: %v pixels from the end", change.what, got)
				}
				members.talk(6)
				members.heard(b)
				followed(b, change.what)
			}

			// Who scrolls up is left there, though it talks all the while.
			talking := make(chan struct{})
			go func() {
				defer close(talking)
				members.talk(60)
			}()
			tt.scroll(b, "#messages", -500)
			at := eval[float64](b, messagesAt)
			<-talking
			members.heard(b)
			if got := eval[float64](b, messagesAt); got != at {
				t.Errorf("the reader was moved from %v to %v", at, got)
			}
			if eval[bool](b, `document.querySelector("#to-newest").hidden`) {
				t.Error("nothing says that there are new messages")
			}

			// Back at the end it goes on, by whatever way.
			for _, back := range []struct {
				how string
				act func()
			}{
				{tt.name, func() { tt.scroll(b, "#messages", eval[float64](b, fromEnd)) }},
				{"button", func() { b.click("#to-newest") }},
				{"key", func() {
					eval[chromedp.Void](b, `document.querySelector("#messages").focus()`)
					b.key("End", 35, "", 0)
				}},
			} {
				back.act()
				b.until(`document.querySelector("#to-newest").hidden`)
				settle(b)
				members.talk(12)
				members.heard(b)
				followed(b, "back at the end by "+back.how)
				tt.scroll(b, "#messages", -500)
				members.talk(3)
				members.heard(b)
				b.until(`!document.querySelector("#to-newest").hidden`)
			}
			b.clean()
		})
	}
}

// settle waits until the page has drawn what there is, and begins to count anew.
func settle(b *window) {
	b.t.Helper()
	eval[any](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { window.misses = []; done(0); }))))`)
}

// The ladder goes on at its end, too, until the reader looks at something else.
func TestLadderFollows(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	packets := documentedPackets(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	fed := 0
	feedMore := func() {
		t.Helper()
		feed(w, packets)
		fed += len(packets)
		b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.startsWith("%d of")`, fed))
		settle(b)
	}
	const ladderAt = `document.querySelector("#ladder").scrollTop`
	follows := func(when string, want bool) {
		t.Helper()
		feedMore()
		if got := eval[bool](b, `(() => { const l = document.querySelector("#ladder"); return l.scrollHeight - l.scrollTop - l.clientHeight <= 1; })()`); got != want {
			t.Errorf("%s: the ladder is at its end: %v", when, got)
		}
	}
	follows("at first", true)
	b.turn("#ladder", -30)
	at := eval[float64](b, ladderAt)
	follows("scrolled up a little", false)
	if got := eval[float64](b, ladderAt); got != at {
		t.Errorf("the reader was moved from %v to %v", at, got)
	}
	b.turn("#ladder", 10000)
	follows("scrolled back", true)
	// Opening a packet makes the ladder smaller and scrolls the packet into sight.
	eval[chromedp.Void](b, `document.querySelector("#ladder").focus()`)
	b.key("End", 35, "", 0)
	b.key("Enter", 13, "\r", 0)
	b.until(`!document.querySelector("#opened").hidden`)
	settle(b)
	follows("with its last packet open", false)
	if !eval[bool](b, `(() => { const r = document.querySelector(".packet.selected").getBoundingClientRect(), l = document.querySelector("#ladder").getBoundingClientRect();
		return r.top >= l.top - 1 && r.bottom <= l.bottom + 1; })()`) {
		t.Error("the opened packet has gone out of sight")
	}
	b.click("#opened-close")
	b.key("End", 35, "", 0)
	follows("after End", true)
	b.key("ArrowUp", 38, "", 0)
	follows("another packet chosen", false)
	b.clean()
}

// A full page drops its oldest packets; what the reader looks at stays.
func TestLadderDropsTheOldest(t *testing.T) {
	page, _, _ := serveWire(t, site.Options{})
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	// A ladder of the page's own making, without a server that sends 20 000 packets.
	eval[any](b, `(async () => {
		const base = new URL(document.documentElement.dataset.base, document.baseURI).href;
		const { most, Store } = await import(base + "/js/wire/store.js");
		const { Ladder } = await import(base + "/js/wire/ladder.js");
		const store = new Store(), ladder = new Ladder(store, () => {});
		let n = 0;
		window.more = (count) => {
			store.add(Array.from({ length: count }, () => ({ n: ++n, time: "1407837000.000000000", conversation: 1, client: "127.0.0.1:60653", server: "127.0.0.1:7272",
				fromClient: true, flags: ".", payload: 0, title: "Acknowledgement", lines: [] })));
			ladder.redraw();
		};
		window.more(most);
		window.counts = () => [most, store.all.length, store.dropped];
	})()`)
	settle(b)
	b.turn("#ladder", -300)
	const top = `(() => { const l = document.querySelector("#ladder").getBoundingClientRect();
		const r = [...document.querySelectorAll(".packet")].map((e) => [e.packet.n, e.getBoundingClientRect().top - l.top]).filter(([, y]) => y > -62).sort((a, b) => a[1] - b[1])[0]; return r; })()`
	before := eval[[]float64](b, top)
	eval[chromedp.Void](b, `window.more(10)`)
	settle(b)
	if after := eval[[]float64](b, top); quoted(after) != quoted(before) {
		t.Errorf("the reader looked at packet %v at %v, and now at %v at %v", before[0], before[1], after[0], after[1])
	}
	if got := eval[[]int](b, `window.counts()`); got[0]+10 != got[1]+got[2] || got[2] == 0 {
		t.Errorf("of %d packets and ten more %d are here and %d dropped", got[0], got[1], got[2])
	}
}

// Fields that pass below a pointer that rests are not pointed at.
func TestRestingPointerLightsNothing(t *testing.T) {
	b := open(t, serveDocumented(t), 1920, 1080, "en")
	b.enter("x")
	b.until(`document.querySelectorAll(".packet").length > 3`)
	openSay(b)
	eval[chromedp.Void](b, `document.querySelectorAll(".field")[0].focus()`)
	at := eval[[]float64](b, `(() => { const o = document.querySelector("#opened").getBoundingClientRect(); return [o.x + 100, o.bottom - 20]; })()`)
	call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]})
	b.until(`document.querySelector(".field:hover")`)
	fields := eval[int](b, `document.querySelectorAll(".field").length`)
	scrolled := map[float64]bool{}
	for i := 0; i < fields; i += 2 {
		eval[chromedp.Void](b, fmt.Sprintf(`document.querySelectorAll(".field")[%d].focus()`, i))
		b.rests("#opened")
		scrolled[eval[float64](b, `document.querySelector("#opened").scrollTop`)] = true
		if got := eval[string](b, `(() => { const lit = [...document.querySelectorAll(".byte.lit")].map((e) => e.textContent).join(" ");
			const says = document.querySelector("#field-says .bits")?.textContent.replace(/  .*/, "") ?? ""; return says && lit !== says ? lit + " for " + says : ""; })()`); got != "" {
			t.Errorf("field %d lights up %s", i, got)
		}
	}
	if len(scrolled) < 3 {
		t.Errorf("the packet has not scrolled: %v", scrolled)
	}
	b.clean()
}
