package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// classRows gives n students of whom some are done, some stuck, and some not here, in
// the server's order.
func classRows(n int) (rows []map[string]any) {
	names := []string{"anna", "Zoé", "李小明", "bob", "Jean-Baptiste", "mia", "noah", "陈雨", "Éloïse", "omar"}
	for i := range n {
		row := map[string]any{
			"seat": i + 1, "id": fmt.Sprintf("%s %02d", names[i%len(names)], i), "name": fmt.Sprintf("nick%d", i),
			"task": map[string]string{"nick": fmt.Sprintf("nick%d", i), "message": "hi,  all !"}, "address": fmt.Sprintf("192.168.1.%d", i+2),
			"page": true, "connected": true, "steps": stepStates(min(7, i/3)), "heard": min(i, 3), "handed": nil, "seen": 1732800123,
			"step": "say", "stuck": 200 - 8*i, "muted": false,
		}
		switch {
		case i >= n*9/10:
			row["seat"], row["page"], row["connected"], row["steps"], row["step"], row["stuck"], row["seen"], row["name"], row["address"], row["heard"] = 0, false, false, []any{}, "", 0, 0, "", "", 0
		case i >= n*6/10:
			row["steps"], row["step"], row["stuck"] = stepStates(7), "", 0
			row["handed"] = map[string]int{"files": 1 + i%2, "found": 7, "of": 7}
		case i == 1:
			row["muted"], row["connected"] = true, false
		case i == 2:
			row["name"], row["step"] = "other", "login"
		}
		if row["stuck"].(int) < 0 {
			row["stuck"] = 0
		}
		rows = append(rows, row)
	}
	return rows
}

// openClass opens the teacher's page by the link that the terminal prints.
func openClass(t testing.TB, page, query string, width, height int64, lang string) *window {
	t.Helper()
	b := open(t, page+"/class"+query+"#key=K", width, height, lang)
	b.until(`!document.querySelector("#lesson").hidden`)
	return b
}

const rowIDs = `[...document.querySelectorAll("#rows .id")].map((e) => e.textContent).join()`

// The teacher's page is behind a key, which does not stay in the address.
func TestTeachersKey(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page+"/class", 1280, 720, "en")
	b.until(`document.querySelector("#locked").textContent === "open the link that your terminal printed"`)
	b.picture("class-locked-1280x720")
	if eval[bool](b, `!document.querySelector("#lesson").hidden || !document.querySelector("#projector").hidden`) {
		t.Error("the class is shown all the same")
	}
	wrong := open(t, page+"/class#key=X", 1280, 720, "en")
	wrong.until(`!document.querySelector("#locked").hidden`)
	right := openClass(t, page, "?view=projector", 1280, 720, "en")
	if got := eval[string](right, `location.search + location.hash`); got != "?view=projector" {
		t.Errorf("the address has %q", got)
	}
	if !d.wasAsked(`POST /class/enter {"key":"K"}`) {
		t.Errorf("asked: %q", d.asked)
	}
	// The cookie is enough.
	eval[chromedp.Void](right, `window.before = true`)
	right.do(chromedp.Reload())
	right.until(`!window.before && !document.querySelector("#lesson").hidden`)
	for _, w := range []*window{b, wrong, right} {
		w.clean()
	}
}

// The table has everybody in the server's order, with signs and words, and text as text.
func TestTeachersTable(t *testing.T) {
	page, d := serveDesk(t)
	rows := classRows(30)
	rows[0]["id"], rows[0]["name"] = "<img src=x onerror=alert(1)>", "<b>x</b>"
	d.set("class", "rows", rows, "log", []any{map[string]any{"time": 1732800100, "text": "<i>zoe</i> joined"}})
	b := openClass(t, page, "", 1280, 720, "en")
	b.until(`document.querySelectorAll("#rows tr").length === 30`)
	if got := eval[int](b, `document.querySelectorAll("main img, main i, #rows td b:not(.stuck)").length`); got != 0 {
		t.Error("what students say is markup")
	}
	said := func(i int) string {
		return eval[string](b, fmt.Sprintf(`document.querySelectorAll("#rows tr")[%d].innerText.replace(/\s+/g, " ")`, i))
	}
	for i, want := range map[int]string{
		0: "in the chat <img src=x onerror=alert(1)> <b>x</b>",
		1: "page open Zoé 01muted nick1",
		2: "other task: nick2",
		5: "✓ found – missing",
		// A student who has not come.
		29: "not here omar 29 – missing – missing – missing – missing – missing – missing – missing 0 – – not here",
	} {
		text := strings.NewReplacer("● ", "", "◐ ", "", "○ ", "").Replace(said(i))
		if !strings.Contains(text, want) {
			t.Errorf("row %d: no %q in %q", i, want, text)
		}
	}
	if got := said(0); !strings.Contains(got, "⚠ stuck 3 min message said") {
		t.Errorf("row 0: %q", got)
	}
	if got := b.text("#summary"); got != "27 of 30 here · 9 done · 18 stuck · 9 handed in" {
		t.Errorf("in all: %q", got)
	}
	d.set("class", "dropped", 2)
	b.until(`document.querySelector("#round-text").textContent.endsWith(" · 2 packets are in no capture: too many, or the disk is full")`)
	if got := b.text("#head th:nth-child(2) .tally"); got != "24 of 30" {
		t.Errorf("the first step: %q", got)
	}
	if got := b.text("#log"); !strings.HasSuffix(got, "<i>zoe</i> joined") {
		t.Errorf("the log: %q", got)
	}
	b.clean()
}

// Rows that change places keep their elements, and the focus stays on whom it is on.
func TestTeachersTableKeepsFocus(t *testing.T) {
	page, d := serveDesk(t)
	rows := classRows(5)[:4]
	d.set("class", "rows", rows)
	b := openClass(t, page, "", 1280, 720, "en")
	b.until(`document.querySelectorAll("#rows tr").length === 4`)
	before := eval[string](b, rowIDs)
	eval[chromedp.Void](b, `[...document.querySelectorAll("#rows tr")].forEach((e, i) => (e.mark = i));
		document.querySelectorAll("#rows tr")[1].querySelector("button").focus();
		window.blurs = 0; document.activeElement.addEventListener("blur", () => blurs++)`)
	for _, order := range [][]int{{1, 0, 2, 3}, {3, 2, 1, 0}, {2, 3, 0, 1}, {0, 1, 2, 3}} {
		var now []any
		var want []string
		for _, i := range order {
			now = append(now, rows[i])
			want = append(want, rows[i]["id"].(string))
		}
		d.set("class", "rows", now)
		b.until(fmt.Sprintf(`%s === %q`, rowIDs, strings.Join(want, ",")))
		if got := eval[string](b, `document.activeElement.closest("tr").mark + " " + blurs + " " + [...document.querySelectorAll("#rows tr")].map((e) => e.mark).join("")`); got != "1 0 "+strings.Trim(strings.ReplaceAll(fmt.Sprint(order), " ", ""), "[]") {
			t.Errorf("%v: %s", order, got)
		}
	}
	if got := eval[string](b, rowIDs); got != before {
		t.Errorf("in the end %q", got)
	}
	b.clean()
}

// However often the server tells something, the table is drawn once a second, and the
// last word is shown.
func TestTeachersTableIsDrawnOnceASecond(t *testing.T) {
	page, d := serveDesk(t)
	d.set("class", "rows", classRows(200))
	b := openClass(t, page, "", 1280, 720, "en")
	b.until(`document.querySelectorAll("#rows tr").length === 200`)
	eval[chromedp.Void](b, `window.begin = performance.now(); window.draws = 0;
		new MutationObserver(() => draws++).observe(document.querySelector("#summary"), { childList: true })`)
	for round := range 50 {
		d.set("class", "round", round)
		b.until(fmt.Sprintf(`document.querySelector("#round-text").textContent.startsWith("Round %d,")`, round))
	}
	last := classRows(200)
	last[0]["handed"] = map[string]int{"files": 3, "found": 6, "of": 7}
	d.set("class", "rows", last)
	b.until(`document.querySelector("#rows .handed").textContent === "6 of 7 · 3×"`)
	if got := eval[float64](b, `draws - (performance.now() - begin) / 1000`); got > 1 {
		t.Errorf("%.1f times more often than once a second", got)
	}
	b.clean()
}

// What the teacher orders goes to the server, a new round only after a question.
func TestTeachersOrders(t *testing.T) {
	page, d := serveDesk(t)
	d.set("class", "rows", classRows(10))
	b := openClass(t, page, "", 1280, 720, "en")
	b.until(`document.querySelectorAll("#rows tr").length === 10`)
	asked := func(request string) {
		t.Helper()
		d.asks(b.ctx, request)
	}
	b.click("#pause")
	asked(`POST /class/pause {"paused":true}`)
	d.set("class", "paused", true)
	b.until(`document.querySelector("#pause").textContent === "Let the chat go on" && document.querySelector("#round-text").textContent.endsWith(" · the chat is paused")`)
	b.click("#pause")
	asked(`POST /class/pause {"paused":false}`)
	b.click("#share")
	asked(`POST /class/wire {"all":true}`)
	d.set("class", "wire", "all")
	b.until(`document.querySelector("#share").textContent === "Show each their own packets only"`)
	b.click("#share")
	asked(`POST /class/wire {"all":false}`)
	b.click("#rows tr:nth-child(1) .acts button")
	asked(`POST /class/mute {"seat":1,"muted":true}`)
	b.click("#rows tr:nth-child(2) .acts button") // who is muted already
	asked(`POST /class/mute {"seat":2,"muted":false}`)
	b.click("#rows tr:nth-child(3) .acts button:nth-child(2)")
	asked(`POST /class/release {"seat":3}`)
	b.click("#next")
	b.until(`document.querySelector("#ask").open`)
	b.picture("class-round-1280x720")
	b.key("Escape", 27, "", 0)
	b.until(`!document.querySelector("#ask").open`)
	b.click("#rows tr:nth-child(4) .acts button")
	asked(`POST /class/mute {"seat":4,"muted":true}`)
	if d.wasAsked(`POST /class/round {}`) {
		t.Error("the round is ended without a yes")
	}
	b.click("#next")
	b.click(`#ask button[value="yes"]`)
	asked(`POST /class/round {}`)
	d.refuses("/class/pause", 409)
	b.click("#pause")
	b.until(`document.querySelector("#says").textContent === "refused: pause <b>&</b>"`)
	if got := eval[string](b, `[...document.querySelectorAll(".downloads a")].map((a) => a.pathname).join()`); got != "/class/capture.pcap,/class/captures.zip,/class/table.csv" {
		t.Errorf("to download: %s", got)
	}
	b.clean()
}

// Thirty students are on one screen of a projector, in large letters, with names or not.
func TestProjector(t *testing.T) {
	page, d := serveDesk(t)
	d.set("class", "rows", classRows(30), "round", 2)
	b := openClass(t, page, "", 1920, 1080, "fr")
	b.until(`document.querySelectorAll("#rows tr").length === 30`)
	b.click("#projector")
	b.until(`location.search === "?view=projector"`)
	if got := eval[string](b, `(() => {
		const frame = document.querySelector("#frame");
		const rows = [...document.querySelectorAll("#rows tr")].map((e) => e.getBoundingClientRect());
		const small = [...document.querySelectorAll("#rows .id, #rows .sign, #rows .stuck")].filter((e) => parseFloat(getComputedStyle(e).fontSize) < 28);
		return [frame.scrollHeight - frame.clientHeight, frame.scrollWidth - frame.clientWidth, rows.filter((r) => r.height < 30 || r.bottom > innerHeight || r.right > innerWidth).length, small.length].join();
	})()`); got != "0,0,0,0" {
		t.Errorf("to scroll, out of sight and small: %s", got)
	}
	visible := `[...document.querySelectorAll("#rows .id")].filter((e) => e.checkVisibility()).length`
	if got := eval[int](b, visible); got != 30 {
		t.Errorf("%d names", got)
	}
	b.choose("#names", "numbers")
	if got := eval[int](b, visible); got != 0 || eval[int](b, `[...document.querySelectorAll("#rows .number")].filter((e) => e.checkVisibility()).length`) != 30 {
		t.Errorf("%d names are left", got)
	}
	b.choose("#names", "none")
	if got := eval[bool](b, `document.querySelector("#rows").checkVisibility()`); got {
		t.Error("there are more than counts")
	}
	b.picture("projector-none-1920x1080")
	eval[chromedp.Void](b, `window.before = true`)
	b.do(chromedp.Reload())
	b.until(`!window.before && document.documentElement.dataset.view === "projector" && !document.querySelector("#projector").hidden`)
	b.click("#projector")
	b.until(`location.search === "" && document.documentElement.dataset.names === "names"`)
	b.clean()
}
