package main

import (
	"fmt"
	"testing"

	"chatlab/webclient/site"
)

// Of a connection whose handshake the wire has not seen the page says that its
// frames are a guess, in the packet's comment and above its fields.
func TestGuessOnThePage(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	feed(w, documentedPackets(t)[22:])
	for _, tt := range []struct{ lang, comment, field, meaning string }{
		{"en", "A guess: the capture does not have", "A guess", "because they have its form"},
		{"fr", "Une supposition : la capture n’a pas", "Une supposition", "parce qu’ils en ont la forme"},
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
