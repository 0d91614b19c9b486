package catalogue

import (
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		asked, env string
		want       Lang
	}{
		{"fr", "LANG=zh_CN.UTF-8", French},
		{"", "LANG=zh_CN.UTF-8", Chinese},
		{"", "LANG=zh_CN.UTF-8 LC_ALL=C", English},
		{"", "LANG=zh_CN.UTF-8 LC_ALL=C.UTF-8", English},
		{"", "LANG=zh_CN.UTF-8 LC_ALL=POSIX", English},
		{"", "LANG=zh_CN.UTF-8 LC_MESSAGES=fr_FR", French},
		{"", "LANG=fr", French},
		{"", "LANG=fr_CA.UTF-8", French},
		{"", "LANG=fr_BE@euro", French},
		{"", "LANG=fr_FR.ISO-8859-15@euro", French},
		{"", "LANG=zh_TW", Chinese},
		{"", "LANG=zh_HK.UTF-8", Chinese},
		{"", "LANG=en_GB.UTF-8", English},
		{"", "LANG=frp_XX", English},
		{"", "LANG=de_DE.UTF-8", English},
		{"", "LANG=" + strings.Repeat("x-", 2000), English},
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
	french := func(string) string { return "fr_FR" }
	if lang, err := Choose("de", french); err == nil || lang != French {
		t.Errorf("a language that is not there: %s, %v", lang, err)
	}
}

func TestAccepted(t *testing.T) {
	for header, want := range map[string]Lang{
		"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5": French,
		"de, zh-TW;q=0.9, fr;q=0.8":                    Chinese,
		"en;q=0.1, fr;q=0.2":                           French,
		"FR":                                           French,
		"fr;q=0, en;q=0.5":                             English,
		"de, es":                                       "",
		"*":                                            "",
		"":                                             "",
		"fr;q=x":                                       "",
		strings.Repeat("a-", 5000):                     "",
	} {
		if got, ok := Accepted(header); got != want && ok || ok != (want != "") {
			t.Errorf("%.60q: got %q, %t, want %q", header, got, ok, want)
		}
	}
}
