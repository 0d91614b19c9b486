package layout

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"one two three", 10, []string{"one two", "three"}},
		{"", 10, nil},
		{"aaaaaaaaaaaaaaaaaaaaaaaaa b", 10, []string{"aaaaaaaaaa", "aaaaaaaaaa", "aaaaa b"}},
		// A wide character takes two columns; a line does not begin with 。
		{"确认请求的数据。好", 10, []string{"确认请求的", "数据。好"}},
		// French signs stay with their word, and quotation marks with theirs; a
		// no-break space takes a column.
		{"un deux trois\u00a0: un", 13, []string{"un deux", "trois\u00a0: un"}},
		{"est-ce lui\u202f?", 11, []string{"est-ce", "lui\u202f?"}},
		{"un «\u00a0mots\u00a0»", 10, []string{"un", "«\u00a0mots\u00a0»"}},
		{"un «\u00a0mot\u00a0»", 10, []string{"un «\u00a0mot\u00a0»"}},
		{"确认请求数。好", 10, []string{"确认请求", "数。好"}},
		// A hyphen that begins a word stays with it.
		{"秒数；-ttt：间隔", 10, []string{"秒", "数；-ttt：", "间隔"}},
		// What is to be copied is not broken at a slash, if it fits.
		{"at http://a.b", 10, []string{"at", "http://a.b"}},
		{"is qGn2/EChw=, so", 12, []string{"is", "qGn2/EChw=,", "so"}},
		{"in dir/sub/file or", 10, []string{"in", "dir/sub/", "file or"}},
		{"see the --lang of-it", 10, []string{"see the", "--lang of-", "it"}},
	} {
		if got := Wrap(tt.text, tt.columns); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestParagraph(t *testing.T) {
	for _, tt := range []struct {
		head, text string
		columns    int
		want       string
	}{
		{"", "one two three", 10, "one two\nthree\n"},
		{"── ", "one two three", 13, "── one two\n   three\n"},
		{"请 ", "one two three", 13, "请 one two\n   three\n"},
		{"head = ", "", 10, "head =\n"},
	} {
		if got := Paragraph(tt.head, tt.text, tt.columns); got != tt.want {
			t.Errorf("%q %q: got %q, want %q", tt.head, tt.text, got, tt.want)
		}
	}
}

func TestAlign(t *testing.T) {
	got := Align([][]string{{"a", "bc", "d"}, {"请求", "", "e"}, {"", "x"}})
	if want := []string{"a     bc  d", "请求      e", "      x"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStyle(t *testing.T) {
	if got, want := BoldCyan.On("text"), "\x1b[1;36mtext\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Plain.On("text"); got != "text" {
		t.Errorf("plain: got %q", got)
	}
}

func TestErase(t *testing.T) {
	if got, want := Erase("请 >"), "\r    \r"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"plain, 猪猪 é 😀":          "plain, 猪猪 é 😀",
		"a\x1b[2Jb\u202ec\ad":    `a\u{1b}[2Jb\u{202e}c\u{7}d`,
		"line\nnext\r":           `line\nnext\u{d}`,
		"\xff\xfe no UTF-8 \xe7": `\xff\xfe no UTF-8 \xe7`,
		"\u2028\u0085\u200b":     `\u{2028}\u{85}\u{200b}`,
		"👩\u200d🔬":               "👩\u200d🔬",
		strings.Repeat("x", 101): strings.Repeat("x", 100) + "…",
	} {
		if got := Quote(in, 100); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestQuoteAll(t *testing.T) {
	for want, all := range map[string][]string{
		"":                 nil,
		"a\\n|猪猪|bcd":      {"a\n", "猪猪", "bcd"},
		"abcdefghij…|…":    {"abcdefghijk", "b"},
		"abcdefgh|i…|…":    {"abcdefgh", "ij", "k"},
		"|||||" + "|||||…": make([]string, 1000),
	} {
		if got := strings.Join(QuoteAll(all, 10), "|"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("a\x1b[2Jb\u202ec\xff")
	f.Fuzz(func(t *testing.T, s string) {
		q := Quote(s, 100)
		if i := strings.IndexFunc(q, unicode.IsControl); i >= 0 {
			t.Fatalf("%q has a control character at %d", q, i)
		}
		if len([]rune(q)) > 100*10+1 {
			t.Fatalf("%d characters", len([]rune(q)))
		}
	})
}

// Two blanks are somebody's words: no line ends at them.
func TestWrapKeepsTwoBlanks(t *testing.T) {
	const said = "hi,  all"
	for columns := 10; columns < 60; columns++ {
		if got := strings.Join(Wrap("请在取了昵称的那个窗口里说 "+said+" ! Dites "+said+" !", columns), "\n"); strings.Count(got, said) != 2 {
			t.Errorf("%d columns:\n%s", columns, got)
		}
	}
}
