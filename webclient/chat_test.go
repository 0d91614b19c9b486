package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	refusal "chatlab/chatserver/chat"
	"chatlab/sniffer/chat"
	"chatlab/webclient/site"
)

func TestTwoBrowsersChat(t *testing.T) {
	page, _ := serveBoth(t, site.Options{})
	a := open(t, page, 1280, 720, "en")
	a.until(`document.querySelector("#nickname").open`)
	a.picture("nickname-1280x720")
	a.enter("猪猪")
	b := open(t, page, 390, 844, "fr")
	b.until(`document.querySelector("#nickname").open`)
	b.picture("nickname-390x844")
	b.enter("") // a guest
	b.say("hi,  all !")
	for _, w := range []*window{a, b} {
		w.sees("hi,  all !")
		if got := eval[string](w, `document.querySelector(".message .name").textContent`); got != "invité" {
			t.Errorf("the guest is called %q", got)
		}
		if got := eval[bool](w, `/^\d\d:\d\d:\d\d$/.test(document.querySelector(".message time").textContent)`); !got {
			t.Error("no time of day")
		}
	}
	if eval[string](a, `getComputedStyle(document.querySelector(".message .name")).color`) ==
		eval[string](a, `getComputedStyle(document.querySelector(".me bdi")).color`) {
		t.Error("a member's name has no colour of its own")
	}

	// Ctrl+Enter breaks the line, Enter sends.
	a.write("Look at https://www.rfc-editor.org/rfc/rfc6455#section-5.3, please.")
	a.key("Enter", 13, "", ctrl)
	a.write("second line ")
	a.click(`[popovertarget="emoji"]`)
	a.until(`document.activeElement.textContent === "😀"`)
	a.picture("emoji-1280x720")
	a.click("#emoji button:nth-child(13)")
	a.key("Enter", 13, "\r", 0)
	b.sees("Look at https://www.rfc-editor.org/rfc/rfc6455#section-5.3, please.\nsecond line 👍")
	if got := eval[string](b, `document.querySelector(".text a").href`); got != "https://www.rfc-editor.org/rfc/rfc6455#section-5.3" {
		t.Errorf("the link leads to %q", got)
	}
	a.until(`document.querySelector("#message").value === ""`)
	a.say("大家好！")
	b.sees("大家好！")
	a.picture("chat-1280x720")
	b.picture("chat-390x844")
	a.clean()
	b.clean()
}

// A policy cannot name an IPv6 address; the page reaches its chat all the same.
func TestChatOverIPv6(t *testing.T) {
	if l, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Skipf("no IPv6 loopback: %v; bring lo up with ::1", err)
	} else {
		l.Close()
	}
	page, _ := serveBothOn(t, "[::1]:0", site.Options{})
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	b.say("hi,  all !")
	b.sees("hi,  all !")
	b.clean()
}

func TestPrivateMessage(t *testing.T) {
	page, _ := serveBoth(t, site.Options{})
	alice, bob, carol := open(t, page, 1280, 720, "en"), open(t, page, 1280, 720, "en"), open(t, page, 1280, 720, "en")
	alice.enter("alice")
	bob.enter("bob <b>x</b>")
	carol.enter("carol")
	alice.until(`document.querySelectorAll("#members li").length === 3`)
	alice.click("#members li:nth-child(2) button")
	alice.say("psst & <i>")
	alice.sees("psst & <i>")
	bob.sees("psst & <i>")
	if got := eval[string](alice, `document.querySelector(".whispered .private").textContent`); got != "to bob <b>x</b> alone" {
		t.Errorf("the speaker reads %q", got)
	}
	if got := eval[string](bob, `document.querySelector(".whispered .private").textContent`); got != "to you alone" {
		t.Errorf("the hearer reads %q", got)
	}
	bob.say("to all")
	carol.sees("to all")
	if strings.Contains(carol.messages(), "psst") {
		t.Error("carol heard it too")
	}
	alice.picture("private-1280x720")
}

func TestRooms(t *testing.T) {
	page, _ := serveBoth(t, site.Options{})
	a, b := open(t, page+"/?room_id=2", 1280, 720, "en"), open(t, page, 1280, 720, "en")
	a.enter("alice")
	b.enter("bob")
	b.say("in room 1")
	b.sees("in room 1")
	a.say("in room 2")
	a.sees("in room 2")
	b.click("#rooms a:nth-child(2)")
	b.until(`document.querySelectorAll("#members li").length === 2`)
	if got := eval[string](b, `location.search`); got != "?room_id=2" {
		t.Errorf("the address says %q", got)
	}
	a.say("welcome")
	b.sees("welcome")
	if text := b.messages(); strings.Contains(text, "in room") {
		t.Errorf("the other room's messages are here: %q", text)
	}
	b.click("#rename")
	b.until(`document.querySelector("#nickname").open`)
	b.answer("robert")
	a.until(`document.querySelector("#messages").textContent.includes("bob is now called robert")`)
	b.do(chromedp.NavigateBack())
	b.until(`document.querySelectorAll("#members li").length === 1`)
	a.until(`document.querySelector("#messages").textContent.includes("robert has left")`)
	a.clean()
	b.clean()
}

// What is said while the server is away waits, and is said when it is back.
func TestServerGoesAndComes(t *testing.T) {
	page, chat := serveBoth(t, site.Options{})
	a, b := open(t, page, 1280, 720, "en"), open(t, page, 1280, 720, "en")
	a.enter("alice")
	b.enter("bob")
	a.until(`document.querySelectorAll("#members li").length === 2`)
	a.click("#members li:nth-child(2) button")
	chat.stop()
	a.until(`document.querySelector("#state").dataset.state === "waiting"`)
	a.say("for bob, later")
	eval[chromedp.Void](a, `document.querySelector("#to").value = "all"`)
	a.say("first")
	a.say("second")
	a.until(`document.querySelectorAll(".pending").length === 3`)
	a.picture("disconnected-1280x720")
	// The second pause is longer than the first, whatever chance adds.
	a.until(`/in [12] s/.test(document.querySelector("#state-text").textContent)`)
	a.until(`/in [23] s/.test(document.querySelector("#state-text").textContent)`)
	chat.start()
	b.until(`(document.querySelector("#retry").click(), document.querySelector("#state").dataset.state === "open")`)
	a.until(`(document.querySelector("#retry").click(), document.querySelector("#state").dataset.state === "open")`)
	b.sees("second")
	if text := b.messages(); strings.Index(text, "first") > strings.Index(text, "second") {
		t.Errorf("not in the order in which it was said: %q", text)
	}
	a.until(`document.querySelectorAll(".pending").length === 0`)
	b.sees("for bob, later") // whose id is another one now
}

// hostile are names and messages that would like to be more than text.
var hostile = []string{
	`<script>window.hit = 1</script>`,
	`<img src=x onerror="window.hit = 2">`,
	`<svg/onload=window.hit=3>`,
	`</p></li></ol><script>window.hit=4</script>`,
	`"><iframe srcdoc="<script>parent.hit=5</script>">`,
	`' onmouseover='window.hit=6`,
	`javascript:window.hit=7`,
	`JaVaScRiPt:window.hit=8//https://x`,
	`data:text/html,<script>window.hit=9</script>`,
	`https://x" onclick="window.hit=10`,
	`https://x'><b onclick=window.hit=11>x</b>`,
	"https://e\u202excom/",
	`http://[::1`,
	`https://user:pass@`,
	`&lt;script&gt;window.hit=12&lt;/script&gt;`,
	`&amp;lt;b&amp;gt;`,
	`&#60;b&#62;`,
	`<b>对你说: </b>fake`,
	`<br />`,
	`{{constructor.constructor("window.hit=13")()}}`,
	`${window.hit=14}`,
	`%3Cscript%3Ewindow.hit=15%3C/script%3E`,
	`\u003cscript\u003ewindow.hit=16\u003c/script\u003e`,
	"\x00<b>null</b>",
	"\u2028<script>window.hit=17</script>\u2029",
	`<math><mi xlink:href="javascript:window.hit=18">x`,
	`<style>*{display:none}</style>`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv=refresh content="0;url=https://evil.example">`,
	`<template><script>window.hit=19</script></template>`,
	`__proto__`,
	`constructor`,
	"\u202egnp.exe",
	`<object data="javascript:window.hit=20">`,
	`@import url(https://evil.example/x.css);`,
}

func TestHostileTextStaysText(t *testing.T) {
	page, _ := serveBoth(t, site.Options{})
	victim := open(t, page, 1280, 720, "en")
	victim.enter("victim")
	elements := eval[int](victim, `document.querySelectorAll("script, style, iframe, object, base, meta, svg, img, template, math").length`)
	attacker := open(t, page, 1280, 720, "en")
	attacker.enter("attacker")
	// Names and messages go straight to the server, past what the page would do
	// to them first.
	eval[chromedp.Void](attacker, fmt.Sprintf(`(async () => {
		const socket = new WebSocket("ws://" + location.hostname + ":" + document.documentElement.dataset.chatPort);
		await new Promise((open) => socket.onopen = open);
		for (const text of %s) {
			socket.send(JSON.stringify({ type: "login", client_name: text, room_id: 1 }));
			socket.send(JSON.stringify({ type: "say", to_client_id: "all", content: text }));
			await new Promise((heard) => socket.onmessage = (e) => JSON.parse(e.data).type === "say" && heard());
		}
		socket.send(JSON.stringify({ type: "say", to_client_id: "all", content: "the end" }));
	})()`, quoted(hostile)))
	victim.sees("the end")
	attacker.sees("the end")
	for _, w := range []*window{victim, attacker} {
		seen := eval[[]string](w, `[...document.querySelectorAll("#messages .message .text")].map((e) => e.textContent)`)
		names := eval[[]string](w, `[...document.querySelectorAll("#messages .message .name")].map((e) => e.textContent)`)
		if len(seen) != len(hostile)+1 {
			t.Fatalf("%d messages of %d: %q", len(seen), len(hostile)+1, seen)
		}
		for i, text := range hostile {
			if seen[i] != text {
				t.Errorf("message %q is shown as %q", text, seen[i])
			}
			if names[i] != text {
				t.Errorf("name %q is shown as %q", text, names[i])
			}
		}
		if got := eval[int](w, `window.hit ?? 0`); got != 0 {
			t.Errorf("script %d ran", got)
		}
		if got := eval[[]string](w, `[...document.querySelectorAll("#messages *, #members *, #to *")].map((e) => e.localName)
			.filter((n) => !["li", "div", "p", "span", "bdi", "time", "a", "button", "option"].includes(n))`); len(got) > 0 {
			t.Errorf("elements from the wire: %q", got)
		}
		for _, href := range eval[[]string](w, `[...document.querySelectorAll("#messages a")].map((e) => e.href)`) {
			if u, err := url.Parse(href); err != nil || u.Scheme != "https" && u.Scheme != "http" {
				t.Errorf("a link to %q", href)
			}
		}
		w.clean()
	}
	if got := eval[int](victim, `document.querySelectorAll("script, style, iframe, object, base, meta, svg, img, template, math").length`); got != elements {
		t.Errorf("%d elements that the page does not have", got-elements)
	}
	victim.picture("hostile-1280x720")
}

func quoted(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func TestLanguages(t *testing.T) {
	page, _ := serveBoth(t, site.Options{})
	a := open(t, page, 1280, 720, "zh-CN,zh;q=0.9,fr;q=0.5")
	a.enter("a")
	a.say("x")
	a.sees("x")
	for _, tt := range []struct{ lang, send, joined, placeholder string }{
		{"zh", "发送", "a 进来了", "输入消息"},
		{"fr", "Envoyer", "a a rejoint le chat", "Votre message"},
		{"en", "Send", "a has joined", "Your message"},
	} {
		if tt.lang != "zh" {
			a.choose("#language", tt.lang)
		}
		a.until(`document.documentElement.lang === "` + tt.lang + `"`)
		a.until(`document.querySelector("#send").textContent.trim() === "` + tt.send + `"`)
		a.until(`document.querySelector(".event span").textContent === "` + tt.joined + `"`)
		a.until(`document.querySelector("#message").placeholder === "` + tt.placeholder + `"`)
	}
	// The choice stays.
	a.do(chromedp.Reload())
	a.until(`document.documentElement.lang === "en"`)
	a.clean()
}

// What the server does not deliver is shown to who said it, with the reason, and can be
// sent again.
func TestRefused(t *testing.T) {
	var why atomic.Value
	why.Store(refusal.Paused)
	page, served := serveBoth(t, site.Options{})
	served.stop()
	served.opts.Refuse = func(netip.AddrPort, string) refusal.Refusal { return why.Load().(refusal.Refusal) }
	served.start()
	a, b := open(t, page, 1280, 720, "en"), open(t, page, 1280, 720, "en")
	a.enter("alice")
	b.enter("bob")
	a.until(`document.querySelectorAll("#members li").length === 2`)
	a.say("hi <all>")
	a.until(`document.querySelector(".pending .why")?.textContent === "Not delivered: the chat is paused."`)
	why.Store(refusal.Muted)
	a.click(".pending button")
	a.until(`document.querySelector(".pending .why")?.textContent === "Not delivered: you may not write at the moment."`)
	a.picture("refused-1280x720")
	why.Store(refusal.Granted)
	a.click(".pending button")
	b.sees("hi <all>")
	a.until(`document.querySelectorAll(".pending").length === 0`)
	if n := strings.Count(b.messages(), "hi <all>"); n != 1 {
		t.Errorf("it was delivered %d times", n)
	}
}

// The page speaks the documented dialect too: the same bytes, the same answers.
func TestDialectOf2014(t *testing.T) {
	page, _ := serveBoth(t, site.Options{Dialect: chat.V2014})
	a, b := open(t, page, 1280, 720, "en"), open(t, page+"?dialect=today", 1280, 720, "en")
	eval[chromedp.Void](a, `(() => { window.sent = []; const send = WebSocket.prototype.send;
		WebSocket.prototype.send = function (x) { window.sent.push(x); send.call(this, x); }; })()`)
	b.enter("猪猪")
	a.enter("mynick")
	a.say("hi,  all !")
	a.sees("hi,  all !")
	b.sees("hi,  all !")
	want := []string{`{"type":"login","name":"mynick"}`, `{"type":"say","to_uid":"all","content":"hi,  all !"}`}
	if got := eval[[]string](a, `window.sent`); quoted(got) != quoted(want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	a.until(`document.querySelectorAll("#members li").length === 2`)
	a.click("#members li:nth-child(2) button")
	a.say("psst")
	b.sees("psst")
}

func TestFirstLoad(t *testing.T) {
	page, chat := serveBoth(t, site.Options{})
	a := open(t, page, 1280, 720, "en")
	a.enter("a")
	size := eval[int](a, `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation")).reduce((n, e) => n + e.transferSize, 0)`)
	requests := eval[int](a, `performance.getEntriesByType("resource").length + 1`)
	t.Logf("first load: %d bytes in %d requests", size, requests)
	if size < 10000 || size > 150<<10 {
		t.Errorf("the first load is %d bytes", size)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.requests {
		if !strings.HasPrefix(r, page+"/") && r != "ws://"+chat.addr+"/" && !strings.HasPrefix(r, "data:") {
			t.Errorf("a request to %s", r)
		}
	}
	if len(a.requests) < 10 {
		t.Errorf("only %d requests were seen", len(a.requests))
	}
}
