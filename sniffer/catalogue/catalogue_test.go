package catalogue

import (
	"testing"
	"testing/fstest"
)

func files(en, fr, zh string) fstest.MapFS {
	return fstest.MapFS{
		"t/en.json": {Data: []byte(en)}, "t/fr.json": {Data: []byte(fr)}, "t/zh.json": {Data: []byte(zh)},
	}
}

// one has text under the key a, in every language.
func one(text string) *Catalogue {
	json := `{"a":"` + text + `"}`
	return Must(files(json, json, json), "t")
}

func TestLoadRefusesInequality(t *testing.T) {
	for _, tt := range []struct{ en, fr, zh, want string }{
		{`{"a":"x"}`, `{"a":"y"}`, `{}`, `en.json has "a", zh.json does not`},
		{`{"a":"x"}`, `{"a":"y","b":"z"}`, `{"a":"w"}`, `fr.json has "b", en.json does not`},
		{`{"a":"x"}`, `{"a":""}`, `{"a":"w"}`, `en.json has "a", fr.json does not`},
		{`{"a":"{n}"}`, `{"a":"{n}"}`, `{"a":"{m}"}`, `"a" has other arguments in en.json than in zh.json`},
		{`{`, `{}`, `{}`, `en.json: unexpected end of JSON input`},
		{`{"a":"{n}"}`, `{"a":"{n, plural, other {#}}"}`, `{"a":"{n}"}`, `fr.json: "a": the plural of n lacks a form`},
		{`{"a":"{n}"}`, `{"a":"{n}"}`, `{"a":"{n, plural, one {#} other {#}}"}`, `zh.json: "a": zh has no plural form "one"`},
	} {
		_, err := Load(files(tt.en, tt.fr, tt.zh), "t")
		if err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	if _, err := Load(fstest.MapFS{}, "t"); err == nil {
		t.Error("missing files are not missed")
	}
}

// A text that cannot be read as one does not load.
func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"{", "}", "a}", "{A}", "{n,number}", "{n, plural}", "{n, plural, }", "{n, plural, one {#}}",
		"{n, plural, one {#} other {#}", "{n, plural, one {#} other {# {x}", "{n, plural, one {#} some {#} other {#}}",
		"{n, plural, one {#} two {#} other {#}}", "{n, select, a {x}}", "{x}{",
	} {
		if p, err := parse(text, English); err == nil {
			t.Errorf("%s is read as %v", text, p)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a {n, plural, one {# {b}} other {#, {n}}} {c, number}")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := parse(text, French); err == nil {
			p.arguments()
		}
	})
}
