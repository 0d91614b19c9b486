package serve

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"testing"

	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/webclient/site"
)

// The page's words for steps and what became of them are lab check's: the same student
// reads both.
func TestPageNamesStepsAsCheck(t *testing.T) {
	page := site.Handler(site.Options{})
	get := func(path string) []byte {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.Bytes()
	}
	base := regexp.MustCompile(`data-base="\.(/a/[0-9a-f]+)"`).FindSubmatch(get("/"))
	if base == nil {
		t.Fatal("the page does not say where its texts are")
	}
	for _, lang := range catalogue.Langs {
		var texts map[string]string
		if err := json.Unmarshal(get(string(base[1])+"/texts/"+string(lang)+".json"), &texts); err != nil {
			t.Fatal(err)
		}
		for _, id := range []annotate.Step{annotate.Handshake, annotate.Upgrade, annotate.Login, annotate.Members, annotate.LoginBroadcast, annotate.Say, annotate.SayBroadcast} {
			if got, want := texts["step."+string(id)], steps.Name(id).In(lang); got != want {
				t.Errorf("%s: %s is %q on the page, and %q in lab check", lang, id, got, want)
			}
		}
		for _, status := range []steps.Status{steps.Found, steps.Different, steps.Missing} {
			if got, want := texts["status."+string(status)], status.Name().In(lang); got != want {
				t.Errorf("%s: %s is %q on the page, and %q in lab check", lang, status, got, want)
			}
		}
	}
}
