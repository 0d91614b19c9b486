package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/webclient/site"
)

// servePart serves the page, of which a part cannot be loaded until the page has been
// asked for a number of times.
func servePart(t *testing.T, part string, until int32) (url string, asked *atomic.Int32) {
	asked = new(atomic.Int32)
	h := site.Handler(site.Options{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			asked.Add(1)
		case strings.HasSuffix(r.URL.Path, "/"+part) && asked.Load() < until:
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

// A page of which a part could not be loaded is loaded again, whatever part it was.
func TestPartIsLoadedAgain(t *testing.T) {
	for _, part := range []string{"js/main.js", "js/dom.js", "js/chat/chat.js", "texts/en.json", "css/base.css"} {
		url, asked := servePart(t, part, 3)
		b := open(t, url, 1280, 720, "en")
		b.until(`document.querySelector("#nickname").open && sessionStorage.getItem("again") === null`)
		if n := asked.Load(); n != 3 {
			t.Errorf("%s: the page was asked for %d times", part, n)
		}
		if !eval[bool](b, `document.querySelector("#failed").hidden`) {
			t.Errorf("%s: it is loaded, and says that it is not", part)
		}
	}
}

// Where that does not help the page says so, in the reader's language.
func TestPartCannotBeLoaded(t *testing.T) {
	for lang, want := range map[catalogue.Lang]string{catalogue.English: "could not be loaded", catalogue.French: "n’a pas pu être chargée", catalogue.Chinese: "没能加载"} {
		url, asked := servePart(t, "js/chat/log.js", 1000)
		b := open(t, url, 390, 844, string(lang))
		b.until(`!document.querySelector("#failed").hidden`)
		if said := eval[string](b, `document.querySelector("#failed").textContent`); !strings.Contains(said, want) {
			t.Errorf("%s: it says %q", lang, said)
		}
		if n := asked.Load(); n != 4 {
			t.Errorf("%s: the page was asked for %d times", lang, n)
		}
		b.picture("failed-" + string(lang))
	}
}
