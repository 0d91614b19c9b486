package catalogue

import (
	"strings"
	"testing"
	"testing/fstest"
)

func files(en, fr, zh string) fstest.MapFS {
	return fstest.MapFS{
		"en.json": {Data: []byte(en)}, "fr.json": {Data: []byte(fr)}, "zh.json": {Data: []byte(zh)},
	}
}

func TestLoadRefusesInequality(t *testing.T) {
	for _, tt := range []struct{ en, fr, zh, want string }{
		{`{"a":"x"}`, `{"a":"y"}`, `{}`, `en.json has "a", zh.json does not`},
		{`{"a":"x"}`, `{"a":"y","b":"z"}`, `{"a":"w"}`, `fr.json has "b", en.json does not`},
		{`{"a":"x"}`, `{"a":""}`, `{"a":"w"}`, `en.json has "a", fr.json does not`},
		{`{"a":"{n}"}`, `{"a":"{n}"}`, `{"a":"{m}"}`, `"a" has other arguments in en.json than in zh.json`},
		{`{`, `{}`, `{}`, `en.json: unexpected end of JSON input`},
	} {
		_, err := Load(files(tt.en, tt.fr, tt.zh))
		if err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Error("missing files are not missed")
	}
}

func TestText(t *testing.T) {
	c := Must(files(`{"a":"{x} and {y}"}`, `{"a":"{x} et {y}"}`, `{"a":"{x}和{y}"}`))
	// What an argument says is not looked at again.
	if got := c.Text(French, "a", "x", "{y}", "y", "2"); got != "{y} et 2" {
		t.Errorf("got %q", got)
	}
}

// A text that is missing is never passed over: what a test says of it stops it.
func TestMissingTextIsAnError(t *testing.T) {
	c := Must(files(`{"a":"{x} and {y}"}`, `{"a":"{x} et {y}"}`, `{"a":"{x}和{y}"}`))
	for want, ask := range map[string]func(){
		"catalogue: no text for none in zh":   func() { c.Text(Chinese, "none") },
		"catalogue: a in fr is not given {y}": func() { c.Text(French, "a", "x", "y") },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got %v, want %s", got, want)
				}
			}()
			ask()
		}()
	}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		asked, env string
		want       Lang
	}{
		{"fr", "LANG=zh_CN.UTF-8", French},
		{"", "LANG=zh_CN.UTF-8", Chinese},
		{"", "LANG=zh_CN.UTF-8 LC_ALL=C", English},
		{"", "LANG=zh_CN.UTF-8 LC_MESSAGES=fr_FR", French},
		{"", "LANG=fr", French},
		{"", "LANG=frp_XX", English},
		{"", "", English},
	} {
		got, err := Choose(tt.asked, func(name string) string {
			for _, pair := range strings.Fields(tt.env) {
				if n, v, _ := strings.Cut(pair, "="); n == name {
					return v
				}
			}
			return ""
		})
		if err != nil || got != tt.want {
			t.Errorf("%+v: got %v, %v", tt, got, err)
		}
	}
	if _, err := Choose("de", nil); err == nil {
		t.Error("a language that is not there is taken")
	}
}
