package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"chatlab/sniffer/capture"
)

// What is handed in comes back as a verdict, step by step.
func TestHandIn(t *testing.T) {
	page, _ := serveDesk(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	if !eval[bool](b, `document.querySelector("#desk-me").hidden && document.querySelector("#desk-todo").hidden`) {
		t.Error("there is no class list, and who one is is asked")
	}
	b.click("#hand-in")
	b.until(`document.querySelector("#verdict").open`)
	b.until(`document.querySelector("#verdict-tries").textContent === "Handed in: 1 capture; the best has 5 of 7 steps."`)
	b.picture("verdict-1280x720")
	if got := b.text("#verdict-title"); got != "Verdict: 5 of 7 steps" {
		t.Errorf("the title is %q", got)
	}
	got := eval[string](b, `document.querySelector("#verdict").innerText`)
	for _, want := range []string{"What to do", "message said missing", "expected\na masked frame that says “hi,  all !” to all", "Kept on the teacher’s machine as zoe-1.pcap."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	// The same in another language, from a file.
	b.key("Escape", 27, "", 0)
	b.until(`!document.querySelector("#verdict").open`)
	b.choose("#language", "fr")
	b.until(`document.querySelector("#hand-in").textContent === "Remettre mes paquets"`)
	dir := t.TempDir()
	right := filepath.Join(dir, `<img src=x>.pcap`)
	if err := os.WriteFile(right, pcapOf(t, documentedPackets(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.give("#hand-chosen", right)
	b.until(`document.querySelector("#verdict").open && document.querySelector("#verdict").innerText.includes("Chaque étape est là")`)
	b.key("Escape", 27, "", 0)
	// What is no capture is said to be none, its name as text.
	wrong := filepath.Join(dir, `<img src=y>&.txt`)
	if err := os.WriteFile(wrong, []byte("no capture"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.give("#hand-chosen", wrong)
	b.until(`document.querySelector("#desk-says").textContent === "not a capture: <img src=y>&.txt"`)
	if got := eval[int](b, `document.querySelectorAll("#desk img, #verdict img").length`); got != 0 {
		t.Error("a file's name is markup")
	}
	b.clean()
}

// What is too large is not sent, what is on its way can be cancelled, and a refusal is
// shown in the server's words.
func TestHandInRefused(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	large := filepath.Join(t.TempDir(), "large.pcap")
	f, err := os.Create(large)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(64<<20 + 1); err != nil {
		t.Fatal(err)
	}
	f.Close()
	b.give("#hand-chosen", large)
	b.until(`document.querySelector("#desk-says").textContent.startsWith("large.pcap is larger than 64 MiB")`)
	if d.wasAsked("POST /desk/hand-in") {
		t.Error("it was sent all the same")
	}
	small := filepath.Join(t.TempDir(), "small.pcap")
	if err := os.WriteFile(small, pcapOf(t, documentedPackets(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	d.hold = make(chan struct{})
	d.mu.Unlock()
	b.give("#hand-chosen", small)
	b.until(`!document.querySelector("#hand-bar").hidden && !document.querySelector("#hand-cancel").hidden`)
	b.click("#hand-cancel")
	b.until(`document.querySelector("#hand-bar").hidden`)
	if eval[bool](b, `document.querySelector("#verdict").open`) {
		t.Error("what was cancelled has a verdict")
	}
	for _, status := range []int{403, 413, 415, 429} {
		d.refuses("/desk/hand-in", status)
		b.click("#hand-in")
		b.until(`document.querySelector("#desk-says").textContent === "refused: hand-in <b>&</b>"`)
		eval[chromedp.Void](b, `document.querySelector("#desk-says").textContent = ""`)
	}
	b.clean()
}

// A student keeps the packets, or is told why there are none.
func TestKeepOwnPackets(t *testing.T) {
	page, d := serveDesk(t)
	b := open(t, page, 1280, 720, "en")
	b.enter("mynick")
	d.refuses("/desk/capture", http.StatusNotFound)
	b.click("#desk-keep")
	b.until(`document.querySelector("#desk-says").textContent === "refused: capture <b>&</b>"`)
	d.refuses("/desk/capture", 0)
	if got, want := len(b.saved("#desk-keep", "zoe.pcap")), len(documentedPackets(t)); got != want {
		t.Errorf("%d packets, want %d", got, want)
	}
	b.clean()
}

// give chooses a file in a file field.
func (b *window) give(selector, file string) {
	b.t.Helper()
	found := call(b, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf(`document.querySelector(%q)`, selector)})
	call(b, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: found.Result.ObjectID})
}

func pcapOf(t testing.TB, packets []capture.Packet) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := capture.NewWriter(&b, capture.FileHeader{LinkType: packets[0].LinkType, Nanoseconds: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		if err := w.Write(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
