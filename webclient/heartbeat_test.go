package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
	"chatlab/webclient/site"
)

// quiet plays the scenario in today's dialect, and after the message so many
// heartbeats, ten seconds apart; then, if it ends, a message more and heartbeats. The
// server sends one of them again.
func quiet(t *testing.T, beats int, ends bool) []capture.Packet {
	t.Helper()
	s := checktest.New(t)
	s.Jitter = 7
	cast := checktest.Cast{Today: true, Nick: "mynick"}
	c, other := s.Play(cast)
	beat := func(n int) {
		for range n {
			s.Pass(10 * time.Second)
			c.Say(dissect.Server, `{"type":"ping"}`)
			c.Say(dissect.Client, `{"type":"pong"}`)
		}
	}
	beat(beats)
	if ends {
		s.Pass(10 * time.Second)
		at := c.Seq[dissect.Server]
		c.Segment(dissect.Server, tcp.PSH|tcp.ACK, checktest.Frame(dissect.Server, `{"type":"ping"}`))
		c.Seq[dissect.Server] = at
		s.Pass(time.Second)
		c.Say(dissect.Server, `{"type":"ping"}`)
		c.Say(dissect.Client, `{"type":"pong"}`)
		s.Speak(c, other, "mynick", "still here", cast)
		beat(2)
	}
	return s.Packets
}

// inSight gives what the rows in the ladder's view say, from above to below.
const inSight = `(() => { const box = document.querySelector("#ladder").getBoundingClientRect();
	return [...document.querySelectorAll("#ladder .packet")].map((e) => [e, e.getBoundingClientRect()])
		.filter(([, r]) => r.top >= box.top - 1 && r.bottom <= box.bottom + 1).sort((a, b) => a[1].top - b[1].top)
		.map(([e]) => (e.ariaExpanded ? e.ariaExpanded + " " : "") + e.querySelector(".hidden").textContent); })()`

// Thirty heartbeats do not push the lesson out of sight.
func TestHeartbeatsAreFolded(t *testing.T) {
	for _, tt := range []struct {
		lang          string
		width, height int64
		fold, hidden  string
	}{
		{"en", 1280, 720, "Heartbeats: 120 packets in 290\u00a0s", "120 hidden"},
		{"fr", 1280, 720, "Signes de vie\u00a0: 120 paquets en 290\u00a0s", "120 masqués"},
		{"zh", 1280, 720, "心跳：120 个数据包，历时 290\u00a0s", "已隐藏 120 个"},
		{"en", 390, 844, "Heartbeats: 120 packets in 290\u00a0s", "120 hidden"},
		{"fr", 390, 844, "Signes de vie\u00a0: 120 paquets en 290\u00a0s", "120 masqués"},
		{"zh", 390, 844, "心跳：120 个数据包，历时 290\u00a0s", "已隐藏 120 个"},
	} {
		name := fmt.Sprintf("%s-%dx%d", tt.lang, tt.width, tt.height)
		t.Run(name, func(t *testing.T) {
			page, _, w := serveWire(t, site.Options{})
			b := open(t, page, tt.width, tt.height, tt.lang)
			b.enter("x")
			if tt.width < 640 {
				b.click("#show-wire")
			}
			feed(w, quiet(t, 30, false))
			b.until(fmt.Sprintf(`(%s).at(-1)?.startsWith(%q)`, inSight, "false "+tt.fold))
			rows := eval[[]string](b, inSight)
			if !slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, "hi,  all !") }) {
				t.Errorf("the message is not in sight: %q", rows)
			}
			if got := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
				t.Errorf("%d pixels too wide", got)
			}
			b.picture("folded-" + name)
			b.click(".fold")
			b.until(`document.querySelector(".fold").ariaExpanded === "true" && document.querySelectorAll(".folded").length > 1`)
			settle(b)
			if rows := eval[[]string](b, inSight); len(rows) < 4 || rows[0] != "true "+tt.fold {
				t.Errorf("opened, the fold shows %q", rows)
			}
			b.picture("unfolded-" + name)
			b.click(".fold")
			b.until(`document.querySelector(".fold").ariaExpanded === "false" && !document.querySelector(".folded")`)
			b.press("no-heartbeats", true)
			b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.endsWith(%q) && !document.querySelector(".fold")`, " · "+tt.hidden))
			b.picture("hidden-" + name)
			b.press("no-heartbeats", false)
			b.until(`document.querySelector(".fold")`)
			b.clean()
		})
	}
}

// A heartbeat that is sent again is not folded; the keyboard opens a fold and closes
// it; and what comes is followed, whether folds are open or not.
func TestFoldByKeyboard(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	packets := quiet(t, 3, true)
	feed(w, packets)
	b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.startsWith("%d of")`, len(packets)))
	settle(b)
	rows := eval[[]string](b, inSight)
	if last := rows[len(rows)-1]; last != "false Heartbeats: 8 packets in 10\u00a0s" {
		t.Errorf("the last row is %q", last)
	}
	eval[chromedp.Void](b, `document.querySelector("#ladder").focus()`)
	key := func(name string, code int64) { b.key(name, code, "", 0) }
	// Where the keyboard is: the level in the tree, and what the row says first.
	active := func(want string) {
		t.Helper()
		b.until(fmt.Sprintf(`(() => { const e = document.getElementById(document.querySelector("#ladder").getAttribute("aria-activedescendant"));
			return e && [e.ariaLevel, e.ariaExpanded, e.ariaPosInSet, e.ariaSetSize, e.querySelector(".hidden").textContent.split(",")[0].split("\n")[0]].join(" ") === %q; })()`, want))
	}
	n := len(packets)
	tops := eval[int](b, `+document.querySelector(".fold").ariaSetSize`)
	key("End", 35)
	active(fmt.Sprintf("1 false %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))
	key("ArrowRight", 39)
	active(fmt.Sprintf("1 true %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))
	key("ArrowRight", 39)
	active(fmt.Sprintf("2  1 8 Packet %d", n-7))
	key("ArrowDown", 40)
	active(fmt.Sprintf("2  2 8 Packet %d", n-6))
	key("ArrowLeft", 37)
	active(fmt.Sprintf("1 true %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))
	key("ArrowLeft", 37)
	active(fmt.Sprintf("1 false %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))
	key("Enter", 13)
	active(fmt.Sprintf("1 true %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))
	key(" ", 32)
	active(fmt.Sprintf("1 false %d %d Heartbeats: 8 packets in 10\u00a0s", tops, tops))

	settle(b)
	all := eval[string](b, comments)
	for _, want := range []string{"these bytes were captured before", "still here"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	// The end is followed again: the fold is closed and its end is in sight.
	feed(w, packets)
	b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.startsWith("%d of")`, 2*n))
	settle(b)
	if got := eval[float64](b, `(() => { const l = document.querySelector("#ladder"); return l.scrollHeight - l.scrollTop - l.clientHeight; })()`); got > 1 {
		t.Errorf("%v pixels from the end", got)
	}
	b.clean()
}

// Gaps are between the packets that are seen.
func TestGapsAreBetweenWhatIsSeen(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	b := open(t, page, 1440, 900, "en")
	b.enter("x")
	packets := quiet(t, 3, true)
	feed(w, packets)
	gap := `[...document.querySelectorAll(".packet")].find((e) => e.textContent.includes("captured before"))?.querySelector("small").textContent`
	b.until(gap)
	if got := eval[string](b, gap); got != "+41\u00a0s" {
		t.Errorf("with the fold closed it comes %s after what is seen before it", got)
	}
	b.click(".fold")
	b.until(gap + ` === "+1\u00a0s"`)
}

// A real server asks, a real browser answers, a kernel acknowledges: all of it is one
// row.
func TestLiveHeartbeatsAreFolded(t *testing.T) {
	page, chat, _ := serveLive(t)
	chat.stop()
	chat.opts.Heartbeat = 500 * time.Millisecond // who is slower than 2.7 times that is closed
	chat.start()
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	b.say("hi,  all !")
	b.until(fmt.Sprintf(`(%s).includes("Says to everybody: “hi,  all !”")`, comments))
	b.until(fmt.Sprintf(`/^false Heartbeats: (\d+) packets/.exec((%s).at(-1))?.[1] >= 12`, inSight))
	rows := eval[[]string](b, inSight)
	if !slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, "Says to everybody: “hi,  all !”") }) {
		t.Errorf("the message is not in sight: %q", rows)
	}
	b.clean()
}

// Where all has room, opening and closing a fold is no looking back.
func TestLadderFollowsBehindAFold(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	packets := quiet(t, 1, false)
	few := packets[len(packets)-2:]
	feed(w, few)
	b.until(`document.querySelector(".fold")`)
	for _, want := range []string{"true", "false"} {
		b.click(".fold")
		b.until(fmt.Sprintf(`document.querySelector(".fold").ariaExpanded === %q`, want))
	}
	feed(w, packets)
	b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.startsWith("%d of")`, len(few)+len(packets)))
	settle(b)
	if got := eval[float64](b, `(() => { const l = document.querySelector("#ladder"); return l.scrollHeight - l.scrollTop - l.clientHeight; })()`); got > 1 {
		t.Errorf("%v pixels from the end", got)
	}
	b.clean()
}
