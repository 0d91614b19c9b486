// Package site serves the chat's page: everything is embedded, nothing is loaded
// from anywhere else, and nothing outside the embedded files can be reached.
package site

import (
	"net/http"
	"regexp"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
)

// Options say what the page is to know of its surroundings.
type Options struct {
	// ChatPort is the port of the chat server on the host that the page is
	// asked for. 0: the chat's, chat.Port.
	ChatPort int
	// PagePort is the port that the page is served on: where the name that it is
	// asked for has that port in it, the chat's name has the chat's. 0: the page's,
	// chat.PagePort.
	PagePort int
	// Dialect is what the page speaks unless its address says ?dialect=. Empty:
	// chat.Today.
	Dialect chat.Dialect
	// Lang is the page's language for a browser that asks for none of ours.
	// Empty: English.
	Lang catalogue.Lang
	// Edition names what the page is made for, such as one lesson. A page asks
	// before each connection whether its edition is still the present one, and
	// does not connect if it is not. The empty one is an edition too: that of
	// every page that is made for nothing in particular.
	Edition string
	// Wire serves /wire, the live packets. nil: the page has no such part.
	Wire http.Handler
	// Desk serves what a class has beside the chat, below /desk/ for its students and
	// below /class/ for its teacher, whose page is /class. A page that has a desk gets
	// its packets from /desk/wire, and asks /desk/visit/ROUND in the place of
	// /edition/ID. nil: there is no class.
	Desk http.Handler
}

// EditionPath is the path, but for the edition behind it, that a page asks whether
// its edition is the present one: 204 says so, 410 (RFC 9110 §15.5.11) that it is
// not.
const EditionPath = "/edition/"

// Handler serves the page at /, its assets below /a/, the wire at /wire, and below
// /edition/ whether an edition is the present one; with a desk, the teacher's page at
// /class. All else is a page that says 404. It panics if the embedded files are faulty, which a test would have told.
func Handler(o Options) http.Handler {
	if o.ChatPort == 0 {
		o.ChatPort = chat.Port
	}
	if o.PagePort == 0 {
		o.PagePort = chat.PagePort
	}
	if o.Dialect == "" {
		o.Dialect = chat.Today
	}
	if o.Lang == "" {
		o.Lang = catalogue.English
	}
	s := &site{options: o, port: portWord(o.PagePort), assets: loadAssets()}
	s.index = s.render("index.html", "./a/") // below any path that a proxy puts before it
	s.class = s.render("class.html", "./a/")
	s.notFound = s.render("notfound.html", "/a/")
	return s
}

type site struct {
	options  Options
	port     *regexp.Regexp // the page's, as a word of a name
	assets   *assets
	index    map[catalogue.Lang]*file
	class    map[catalogue.Lang]*file
	notFound map[catalogue.Lang]*file
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/wire" && s.options.Wire != nil {
		s.options.Wire.ServeHTTP(w, r)
		return
	}
	s.secure(w, r)
	if s.options.Desk != nil && (strings.HasPrefix(r.URL.Path, "/desk/") || strings.HasPrefix(r.URL.Path, "/class/")) {
		s.options.Desk.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if edition, asked := strings.CutPrefix(r.URL.Path, EditionPath); asked {
		w.Header().Set("Cache-Control", "no-store")
		if edition == s.options.Edition {
			w.WriteHeader(http.StatusNoContent)
		} else {
			w.WriteHeader(http.StatusGone)
		}
		return
	}
	name, isAsset := strings.CutPrefix(r.URL.Path, "/a/"+s.assets.version+"/")
	switch {
	case r.URL.Path == "/" || r.URL.Path == "/index.html":
		s.forReader(w).index[s.language(r)].serve(w, r)
	case r.URL.Path == "/class" && s.options.Desk != nil:
		s.forReader(w).class[s.language(r)].serve(w, r)
	case isAsset && s.assets.files[name] != nil:
		// The version in the path changes with any of the files.
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		s.assets.files[name].serve(w, r)
	case r.URL.Path == "/favicon.ico":
		w.Header().Set("Cache-Control", "public, max-age=86400")
		s.assets.files["icon.svg"].serve(w, r)
	default:
		s.forReader(w).notFound[s.language(r)].serveStatus(w, r, http.StatusNotFound)
	}
}

// forReader sets the headers of a page. The language is the reader's and the host is in
// the policy, so a shared cache must ask; an unchanged page is answered with 304.
func (s *site) forReader(w http.ResponseWriter) *site {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Add("Vary", "Accept-Language, Cookie")
	return s
}

// secure sets the headers that keep everything foreign out of the page.
func (s *site) secure(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+againHash+"; style-src 'self'; img-src 'self' data:; "+
		"connect-src "+s.connectSources(r)+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "+
		"require-trusted-types-for 'script'; trusted-types 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}
