package cataloguetest

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// cited is what a text cites as it stands on the wire, on a command line or in a
// table, with the signs that it has there.
var cited = regexp.MustCompile(`hi,  all !` +
	`|(?:Upgrade|Connection|Origin|Sec-WebSocket-[A-Z][a-z]+): ` + // header fields
	`|[,，] ?! ` + // a mark in a table, with what it means
	`|\(，！\)|（，！）` + // wide signs, in a text about them
	`|(?:文件|学号)…` + // an argument that may be repeated
	`|首个:下一个|主机:端口` + // tcpdump’s first:next, a host:port
	`|Base64\(SHA-1\(.*\)\)|\(\(i − 1\) mod 4\) \+ 1` + // a formula
	`|"(?: 或 | or a | ou un )\\` + // two characters of JSON
	`|'\{near\}'` + // getopt's possibilities
	`|\{[a-z]+\}:\{[a-z]+\}`)

// rules are what a language's printers hold to, as what must not be in a text.
var rules = map[string][]struct {
	wrong *regexp.Regexp
	why   string
}{
	"en": {
		{regexp.MustCompile(`[A-Za-z}]'[a-z]|s' `), "an apostrophe is ’"},
		{regexp.MustCompile(`"`), "quotation marks are “ ”"},
		{regexp.MustCompile(`\s[:;!?,.](?:\s|$)`), "no space before a sign"},
	},
	"fr": {
		{regexp.MustCompile(`[A-Za-zÀ-ÿ}]'`), "an apostrophe is ’"},
		{regexp.MustCompile(`["“”]`), "quotation marks are « »"},
		{regexp.MustCompile("[^\u202f][;!?](?:[\\s}»)]|$)"), "U+202F before ; ! and ?"},
		{regexp.MustCompile("[^\u00a0]:(?:[\\s}»]|$)"), "U+00A0 before :"},
		{regexp.MustCompile("«[^\u00a0]|[^\u00a0]»"), "U+00A0 inside « »"},
		{regexp.MustCompile("\\d[ \u202f]?%"), "U+00A0 before %"},
	},
	"zh": {
		{regexp.MustCompile(`[\p{Han}}”）] ?[,:;?!](?:\s|\p{Han}|$)|[,:;?!] ?\p{Han}`), "，：；？！ take the place of , : ; ? !"},
		{regexp.MustCompile(`\p{Han}\.(?:\s|$)`), "a sentence ends in 。"},
		{regexp.MustCompile(`\p{Han} ?\(|\) ?\p{Han}|\([^()]*\p{Han}[^()]*\)`), "（ ） take the place of ( )"},
		{regexp.MustCompile(`["'«»「」]`), "quotation marks are “ ”"},
		{regexp.MustCompile(`(?:[^\n ] )[，。、：；？！（）“”]|[，。、：；？！（）“”] `), "no space beside a wide sign"},
		{regexp.MustCompile(`[^…]…(?:[^…]|$)`), "an ellipsis is ……"},
	},
}

// tcpdumps are the packages whose English is tcpdump's own.
var tcpdumps = map[string]bool{"sniffer": true, "sniffer/getopt": true, "sniffer/capture": true}

// A translator's typography is that of the language's books, in every catalogue and in
// the tutorials. (The English one has a typewriter's quotation marks, as all documents.)
func TestTypography(t *testing.T) {
	everyText(t, func(room, lang, key, text string) {
		if lang != "en" || !tcpdumps[room] {
			asPrinted(t, room+": "+key, lang, text)
		}
	})
	everyTutorial(t, func(name, lang, prose string) {
		if lang != "en" {
			asPrinted(t, name, lang, prose)
		}
	})
}

func asPrinted(t *testing.T, at, lang, text string) {
	t.Helper()
	said := cited.ReplaceAllString(text, "x")
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		t.Errorf("%s: %s: a control character stands at %q", at, lang, text[i:])
	}
	if strings.Contains(text, "...") {
		t.Errorf("%s: %s: three points are one sign", at, lang)
	}
	if control := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); control >= 0 {
		t.Errorf("%s: %s: a control character in %q", at, lang, text)
	}
	for _, rule := range rules[lang] {
		if wrong := rule.wrong.FindString(said); wrong != "" {
			t.Errorf("%s: %s: %q: %s", at, lang, wrong, rule.why)
		}
	}
}
