package dialect

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// recorded is an entry of testdata/escapes.json, all in hexadecimal.
type recorded struct{ In, HTML, Content, JSON, Substitute string }

func phpOutput(t testing.TB) []recorded {
	t.Helper()
	b, err := os.ReadFile("testdata/escapes.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 400 {
		t.Fatalf("only %d texts recorded", len(all))
	}
	for i := range all {
		r := &all[i]
		for _, f := range []*string{&r.In, &r.HTML, &r.Content, &r.JSON, &r.Substitute} {
			text, err := hex.DecodeString(*f)
			if err != nil {
				t.Fatal(err)
			}
			*f = string(text)
		}
	}
	return all
}

func TestEscapesAsPHP(t *testing.T) {
	for _, r := range phpOutput(t) {
		if got := string(AppendHTML(nil, r.In)); got != r.HTML {
			t.Errorf("htmlspecialchars(%q) = %q, PHP has %q", r.In, got, r.HTML)
		}
		if got := string(AppendContent(nil, r.In)); got != r.Content {
			t.Errorf("nl2br(htmlspecialchars(%q)) = %q, PHP has %q", r.In, got, r.Content)
		}
		got := string(AppendJSON(nil, r.In))
		if got != r.Substitute {
			t.Errorf("json_encode(%q) = %s, PHP has %s", r.In, got, r.Substitute)
		}
		if valid := utf8.ValidString(r.In); valid != (r.JSON != "") {
			t.Errorf("%q: PHP's json_encode and Go disagree about UTF-8", r.In)
		} else if valid && got != r.JSON {
			t.Errorf("json_encode(%q) = %s, PHP has %s", r.In, got, r.JSON)
		}
	}
}

// What is written plain must be what the escapes would have written.
func FuzzEscapes(f *testing.F) {
	for _, r := range phpOutput(f) {
		f.Add(r.In)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := appendName(nil, s)
		if want := AppendJSON(nil, AppendHTML(nil, s)); string(name) != string(want) {
			t.Errorf("appendName(%q) = %s, want %s", s, name, want)
		}
		content := appendContent(nil, "", "", "", s)
		if want := AppendJSON(nil, AppendContent(nil, s)); string(content) != string(want) {
			t.Errorf("appendContent(%q) = %s, want %s", s, content, want)
		}
		// Any JSON parser reads back the text, broken sequences apart.
		var back string
		j := AppendJSON(nil, s)
		if err := json.Unmarshal(j, &back); err != nil {
			t.Fatalf("%q became %s: %v", s, j, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Errorf("%q became %s", s, j)
		}
		if strings.ContainsAny(string(AppendHTML(nil, s)), `<>"'`) {
			t.Errorf("markup left of %q", s)
		}
		for _, c := range j {
			if c < ' ' || c >= 0x80 {
				t.Fatalf("%q became %q", s, j)
			}
		}
	})
}
