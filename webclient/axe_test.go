package main

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axe gives the accessibility checker that the tests use (axe-core, a script that
// runs in the page). It is no part of the project: CHATLAB_AXE says where it is.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("CHATLAB_AXE")
	if path == "" {
		t.Skip("no accessibility checker: set CHATLAB_AXE to the full path of axe-core's axe.min.js (4.14)")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("CHATLAB_AXE: %v", err)
	}
	return string(script)
}

func TestAccessibility(t *testing.T) {
	script := axe(t)
	url := serveDocumented(t)
	for _, size := range [][2]int64{{1440, 900}, {390, 844}} {
		b := openWithAxe(t, url, size, script)
		b.until(`document.querySelector("#nickname").open`)
		b.accessible("nickname")
		b.enter("alice")
		b.say("hello https://example.org/")
		b.sees("hello https://example.org/")
		if size[0] < 640 {
			b.click("#show-wire")
		}
		b.until(`document.querySelectorAll(".packet").length > 3`)
		b.accessible("chat and wire")
		openSay(b)
		eval[chromedp.Void](b, `document.querySelectorAll(".layer.app .field")[2].focus()`)
		b.accessible("opened packet")
	}
}

func TestAccessibilityOfAClass(t *testing.T) {
	script := axe(t)
	page, d := serveDesk(t)
	for _, size := range [][2]int64{{1440, 900}, {390, 844}} {
		d.set("desk", "students", places("bob", "anna", "bob", "zoe"), "student", "", "task", nil, "paused", false)
		b := openWithAxe(t, page, size, script)
		b.until(`document.querySelector("#who").open`)
		b.accessible("who")
		b.click(`#who-list li:nth-child(3) button`)
		b.enter("mynick")
		d.set("desk", "steps", stepStates(3), "paused", true)
		b.until(`document.querySelector("#held").textContent !== ""`)
		eval[chromedp.Void](b, `document.querySelector("#desk").open = true`)
		b.accessible("task")
		b.click("#hand-in")
		b.until(`document.querySelector("#verdict").open`)
		b.accessible("verdict")
		d.set("class", "rows", classRows(12), "log", []any{map[string]any{"time": 1732800100, "text": "zoe joined"}})
		for _, view := range []string{"", "?view=projector"} {
			b := openWithAxe(t, page+"/class"+view, size, script)
			b.until(`!document.querySelector("#locked").hidden`)
			b.accessible("no key")
			eval[chromedp.Void](b, `fetch("class/enter?lang=en", { method: "POST", body: '{"key":"K"}' }).then(() => location.reload())`)
			b.until(`document.querySelectorAll("#rows tr").length === 12`)
			eval[chromedp.Void](b, script+"; 0")
			b.accessible("class" + view)
			if view == "" {
				b.click("#next")
				b.until(`document.querySelector("#ask").open`)
				b.accessible("a new round")
			}
		}
	}
}

// openWithAxe opens a page with the checker in it.
func openWithAxe(t *testing.T, url string, size [2]int64, script string) *window {
	t.Helper()
	b := open(t, url, size[0], size[1], "en")
	call(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}) // for axe, not for the page
	b.do(chromedp.Reload())
	eval[chromedp.Void](b, script+"; 0")
	return b
}

// accessible fails the test for what the checker finds, in either theme.
func (b *window) accessible(what string) {
	b.t.Helper()
	// What the themes differ in is contrast.
	for theme, options := range map[string]string{"light": `{}`, "dark": `{ runOnly: ["color-contrast"] }`} {
		found := eval[[]string](b, `(async () => {
			document.documentElement.dataset.theme = "`+theme+`";
			// Colours on their way from one theme to the other are neither's.
			await Promise.allSettled(document.getAnimations().map((a) => a.finished));
			return axe.run(`+options+`);
		})().then((r) => r.violations.map((v) =>
			v.impact + " " + v.id + ": " + v.nodes.map((n) => n.target + " " + (n.any[0]?.message ?? "")).join("; ")))`)
		for _, fault := range found {
			b.t.Errorf("%s, %s, %d wide: %s", what, theme, eval[int](b, "innerWidth"), fault)
		}
	}
}
