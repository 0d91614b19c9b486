package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A student chooses who they are, gets their task, and does it by hand.
func TestStudentChoosesAndGetsATask(t *testing.T) {
	page, d := serveDesk(t)
	d.set("desk", "students", places("bob", "anna", "bob", "zoe", `<img src=x onerror=alert(1)>`))
	b := open(t, page, 1280, 720, "en")
	b.until(`document.querySelector("#who").open`)
	b.picture("who-1280x720")
	if got := eval[int](b, `document.querySelectorAll("#who img").length`); got != 0 {
		t.Error("a student's id is markup")
	}
	if !eval[bool](b, `document.querySelector("#who-search").hidden`) {
		t.Error("four students are searched")
	}
	b.click(`#who-list li:nth-child(2) button`)
	b.until(`document.querySelector("#who-says").textContent === "bob is taken: tell your teacher"`)
	if !eval[bool](b, `document.querySelector("#who").open`) || eval[bool](b, `document.querySelector("#nickname").open`) {
		t.Error("who they are is not asked any more")
	}
	b.click(`#who-list li:nth-child(3) button`)
	b.until(`document.querySelector("#nickname").open && document.querySelector("#nickname-input").value === "mynick"`)
	b.click("#nickname button")
	b.until(`document.querySelector("#state").dataset.state === "open"`)
	if !d.wasAsked("GET /desk/visit/k3v9-1 ") || !d.wasAsked(`POST /desk/me {"student":"zoe"}`) {
		t.Errorf("asked: %q", d.asked)
	}
	if got := b.text("#desk-nick") + "|" + b.text("#desk-message"); got != "mynick|hi,  all !" {
		t.Errorf("the task is %q", got)
	}
	b.click("#desk-insert")
	if got := eval[string](b, `document.querySelector("#message").value`); got != "hi,  all !" {
		t.Errorf("to send is %q", got)
	}
	if b.messages() != "" && strings.Contains(b.messages(), "hi,") {
		t.Error("it was sent for the student")
	}
	b.key("Enter", 13, "\r", 0)
	b.sees("hi,  all !")
	d.set("desk", "steps", stepStates(6))
	b.until(`document.querySelector("#desk-summary").textContent === "6 of 7 steps"`)
	b.until(`document.querySelector("#wire-notice").textContent.includes("Your own packets") && document.querySelector("#wire-notice").textContent.includes("A relay")`)
	b.picture("task-1280x720")
	// Another nickname is one click from the task's.
	b.click("#rename")
	b.answer("zoe")
	b.until(`!document.querySelector("#desk-take").hidden`)
	b.click("#desk-take")
	b.until(`document.querySelector("#nickname").open`)
	b.click("#nickname button")
	b.until(`document.querySelector("#desk-take").hidden`)
	// It is somebody else's turn.
	b.click("#desk-who")
	b.until(`document.querySelector("#who").open`)
	if !d.wasAsked(`POST /desk/me {"student":""}`) {
		t.Errorf("asked: %q", d.asked)
	}
	b.click(`#who button[value="skip"]`)
	b.until(`!document.querySelector("#who").open`)
	if got := b.text("#desk-who"); got != "Say who I am" {
		t.Errorf("then: %q", got)
	}
	b.clean()
}

// The panel that is open beside the wire leaves messages and composer their places, on
// every screen.
func TestTaskFitsEveryScreen(t *testing.T) {
	page, d := serveDesk(t)
	d.set("desk", "student", "zoe", "task", map[string]any{"nick": "mynick", "message": "hi,  all !"}, "steps", stepStates(7))
	for _, size := range [][2]int64{{1920, 1080}, {1280, 720}, {390, 844}, {320, 640}} {
		b := open(t, page, size[0], size[1], "fr")
		b.enter("mynick")
		for _, wire := range []bool{false, true} {
			eval[chromedp.Void](b, fmt.Sprintf(`{ document.querySelector("#desk").open = true; const w = document.querySelector("#show-wire");
				if (w && (w.getAttribute("aria-pressed") === "true") !== %v) w.click(); }`, wire))
			b.picture(fmt.Sprintf("task-%dx%d-%v", size[0], size[1], wire))
			if over := eval[string](b, `(() => { const at = (q) => document.querySelector(q).getBoundingClientRect(); const [desk, composer, chat] = [at("#desk"), at("#composer"), at(".chat")];
				if (getComputedStyle(document.querySelector("#desk")).overflowY === "visible") desk.height += at(".desk-body").bottom - desk.bottom;
				return desk.bottom > composer.top + 1 || composer.bottom > chat.bottom + 1 ? JSON.stringify([desk, composer, chat]) : ""; })()`); over != "" {
				t.Errorf("%d×%d, wire %v: the panel lies over the composer: %s", size[0], size[1], wire, over)
			}
		}
		b.clean()
	}
}

// A long list is searched, and what comes meanwhile keeps the search.
func TestLongClassListIsSearched(t *testing.T) {
	page, d := serveDesk(t)
	var ids []string
	for i := range 200 {
		ids = append(ids, fmt.Sprintf("Élève %03d", i))
	}
	d.set("desk", "students", places("", ids...))
	b := open(t, page, 390, 844, "fr")
	b.until(`document.querySelector("#who").open`)
	eval[chromedp.Void](b, `document.querySelector("#who-search").focus()`)
	for _, c := range "eleve 19" {
		b.key(string(c), int64(c), string(c), 0)
	}
	shown := `[...document.querySelectorAll("#who-list li:not([hidden])")].length`
	b.until(shown + ` === 10`)
	b.picture("who-390x844")
	d.set("desk", "students", places("Élève 190", ids...))
	b.until(`document.querySelectorAll("#who-list .taken:not([hidden])").length === 1`)
	if got := eval[int](b, shown); got != 10 || !eval[bool](b, `document.activeElement.id === "who-search"`) {
		t.Errorf("then %d are shown", got)
	}
	b.key("5", 53, "5", 0)
	b.key("Enter", 13, "\r", 0)
	b.until(`document.querySelector("#nickname").open`)
	if !d.wasAsked(`POST /desk/me {"student":"Élève 195"}`) {
		t.Errorf("asked: %q", d.asked)
	}
	b.clean()
}

// A link from a slip says who opens it, and does not stay in the address.
func TestStudentsLink(t *testing.T) {
	page, d := serveDesk(t)
	d.set("desk", "students", places("", "zoe"))
	b := open(t, page+"/?token=T&room_id=2", 1280, 720, "en")
	b.until(`document.querySelector("#nickname").open`)
	if got := eval[string](b, `location.search`); got != "?room_id=2" {
		t.Errorf("the address has %q", got)
	}
	if !d.wasAsked(`POST /desk/me {"token":"T"}`) || eval[bool](b, `document.querySelector("#who").open`) {
		t.Errorf("asked: %q", d.asked)
	}
	// One that is nobody's leaves the choice, and says so.
	d.set("desk", "student", "", "task", nil)
	other := open(t, page+"/?token=X", 1280, 720, "en")
	other.until(`document.querySelector("#who").open && document.querySelector("#desk-says").textContent === "nobody's token"`)
	b.clean()
	other.clean()
}

// A lesson that cannot take a page says so, and takes it when it can.
func TestFullLesson(t *testing.T) {
	page, d := serveDesk(t)
	d.refuses("/desk/events", http.StatusServiceUnavailable)
	b := open(t, page, 1280, 720, "en")
	b.until(`document.querySelector("#desk-says").textContent === "refused: events <b>&</b>"`)
	b.picture("full-1280x720")
	d.refuses("/desk/events", 0)
	b.until(`document.querySelector("#desk-says").textContent === "" && !document.querySelector("#desk-hand").hidden`)
	b.enter("mynick")
	b.clean()
}

// A student who may not speak is told why, keeps what is written, and may go on.
func TestPausedAndMuted(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	for _, what := range []struct{ name, says string }{
		{"paused", "The teacher has paused the chat: what you write can be sent when it goes on."},
		{"muted", "The teacher has muted you: what you write is not sent."},
	} {
		d.set("desk", what.name, true)
		b.until(fmt.Sprintf(`document.querySelector("#held").textContent === %q`, what.says))
		b.say("when " + what.name)
		b.picture(what.name + "-1280x720")
		if got := eval[string](b, `document.querySelector("#message").value`); got != "when "+what.name || strings.Contains(b.messages(), got) {
			t.Errorf("%s: in the field is %q", what.name, got)
		}
		d.set("desk", what.name, false)
		b.until(`document.querySelector("#held").textContent === ""`)
		b.key("Enter", 13, "\r", 0)
		b.sees("when " + what.name)
	}
	b.clean()
}

// The page of a round that ends becomes the next one's, and loads no more than once.
func TestNextRound(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	b.say("old")
	b.sees("old")
	eval[chromedp.Void](b, `window.before = true`)
	d.set("desk", "round", "k3v9-2")
	b.until(`!window.before && document.querySelector("#nickname").open`)
	b.enter("mynick")
	if strings.Contains(b.messages(), "old") {
		t.Error("the old round's messages are still there")
	}
	if !d.wasAsked("GET /desk/visit/k3v9-2 ") {
		t.Errorf("asked: %q", d.asked)
	}
	// A server that calls the present round over is believed once.
	d.refuses("/desk/visit/k3v9-2", http.StatusGone)
	for loads := range 3 {
		eval[chromedp.Void](b, `window.before = true`)
		b.do(chromedp.Reload())
		b.until(`!window.before && document.querySelector("#nickname").open`)
		eval[chromedp.Void](b, `window.before = true`)
		b.click("#nickname button")
		if loads == 0 {
			b.until(`!window.before && document.querySelector("#nickname").open`)
			continue
		}
		b.until(`document.querySelector("#state").dataset.state === "over"`)
	}
	b.clean()
}

// The teacher shows the whole wire, and hides it: the page follows, and may choose.
func TestWireOfAClass(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page, 1440, 900, "en")
	b.enter("mynick")
	b.until(`document.querySelector("#wire-notice").textContent.includes("Your own packets, as they pass on the teacher’s machine (stage namespace).")`)
	if !eval[bool](b, `document.querySelector("#scope-label").hidden && document.querySelector("#only-mine").hidden`) {
		t.Error("there is a choice")
	}
	d.set("desk", "wire", "all")
	b.until(`!document.querySelector("#scope-label").hidden && document.querySelector("#scope").value === "all"`)
	b.until(`document.querySelector("#wire-notice").textContent.includes("Everybody’s packets")`)
	b.choose("#scope", "own")
	b.until(`document.querySelector("#wire-notice").textContent.includes("Your own packets")`)
	b.choose("#scope", "all")
	b.until(`document.querySelector("#wire-notice").textContent.includes("Everybody’s packets")`)
	d.set("desk", "wire", "own")
	b.until(`document.querySelector("#scope-label").hidden && document.querySelector("#wire-notice").textContent.includes("Your own packets")`)
	b.clean()
}
