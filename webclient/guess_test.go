package main

import (
	"fmt"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

// Of a connection whose handshake the wire has not seen the page says that its
// frames are a guess, in the packet's comment and above its fields.
func TestGuessOnThePage(t *testing.T) {
	w := wire.New(wire.Options{})
	t.Cleanup(func() { w.Close() })
	page, _ := serveBoth(t, site.Options{Wire: w})
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	w.SetStatus(wire.Status{Running: true})
	for i := range packets[22:] {
		w.Feed(&packets[22+i])
	}
	for _, tt := range []struct{ lang, comment, field, meaning string }{
		{"en", "A guess: the capture does not have", "A guess", "because they have its form"},
		{"fr", "Une supposition : la capture n’a pas", "Une supposition", "parce qu’ils en ont la forme"},
		{"zh", "这是推测", "推测", "因具有帧的格式"},
	} {
		b := open(t, page, 1280, 720, tt.lang)
		b.enter("x")
		b.until(`document.querySelectorAll(".packet").length > 3`)
		openSay(b)
		b.until(fmt.Sprintf(`document.querySelector("#opened").textContent.includes(%q)`, tt.comment))
		b.until(fmt.Sprintf(`document.querySelector(".layer.app .field").textContent.trim() === %q`, tt.field))
		eval[int](b, `(document.querySelector(".layer.app .field").click(), 1)`)
		b.until(fmt.Sprintf(`document.querySelector("#field-says").textContent.includes(%q)`, tt.meaning))
		b.clean()
	}
}
