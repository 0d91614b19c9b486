package desk

import (
	"cmp"
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = catalogue.Must(textFiles, "texts")

// language is what a page asks for with ?lang=, or else its browser.
func language(r *http.Request) catalogue.Lang {
	if lang := catalogue.Lang(r.URL.Query().Get("lang")); slices.Contains(catalogue.Langs, lang) {
		return lang
	}
	lang, _ := catalogue.Accepted(r.Header.Get("Accept-Language"))
	return cmp.Or(lang, catalogue.English)
}

// refuse answers with a status and a sentence in the reader's language.
func refuse(w http.ResponseWriter, r *http.Request, status int, key string, args ...any) {
	answer(w, status, struct {
		Error string `json:"error"`
	}{texts.Message(key, args...).In(language(r))})
}

func answer(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

// maxAsked bounds what a page says in a request, in bytes, and askTime how long it takes.
const (
	maxAsked = 4 << 10
	askTime  = 10 * time.Second
)

// asked reads what a page says.
func asked(w http.ResponseWriter, r *http.Request, v any) bool {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(askTime))
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAsked)).Decode(v); err != nil {
		refuse(w, r, http.StatusBadRequest, "bad.request")
		return false
	}
	return true
}
