package command

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
	"chatlab/sniffer/layout"
)

// line is a command line of every kind of flag.
func line() (*Line, *settings) {
	file := `{"about":"What it does.\nAnd what it does not.","status":"0: well.","text":"a text that is long enough to need a second line in the help of a narrow terminal"}`
	c := catalogue.Must(fstest.MapFS{"en.json": {Data: []byte(file)}, "fr.json": {Data: []byte(file)}, "zh.json": {Data: []byte(file)}}, ".")
	l, s, text := &Line{Name: "x do", About: c.Message("about"), Status: c.Message("status")}, &settings{}, c.Message("text")
	l.Bool(&s.plain, "plain", text)
	l.String(&s.file, "w", File, text)
	l.Duration(&s.idle, "idle-time", text)
	Choice(l, &s.pace, "pace", text, "fast", "slow", "documented")
	Integer(l, &s.port, "port", Port, 0, 65535, text)
	Integer(l, &s.limit, "limit", Number, 0, 1<<62, text)
	return l, s
}

type settings struct {
	plain      bool
	file, pace string
	port       uint16
	limit      int64
	idle       time.Duration
}

func none(string) string { return "" }

func TestParse(t *testing.T) {
	l, s := line()
	_, lang, err := l.Parse(strings.Fields("--plain -w f --pace=slow -port 80 --limit 3000000000 --idle-time 2m --lang zh"), none)
	if want := (settings{true, "f", "slow", 80, 3000000000, 2 * time.Minute}); *s != want || lang != catalogue.Chinese || err != nil {
		t.Errorf("got %+v, %s, %v", *s, lang, err)
	}
	l, _ = line()
	l.Args = File + "…"
	words, _, err := l.Parse(strings.Fields("a --plain b -- -w"), none)
	if strings.Join(words, " ") != "a b -w" || err != nil {
		t.Errorf("words %q, %v", words, err)
	}
}

// A fault is told in the language of the line that it stands in, with what to do.
func TestFaults(t *testing.T) {
	for _, tt := range []struct{ args, lang, want string }{
		{"--pace quick", "", "x: --pace: no “quick”: take fast, slow or documented\nhint: “x do --help” lists the flags\n"},
		{"--pace quick", "fr", "x: --pace ne prend pas «\u00a0quick\u00a0»\u00a0: prenez fast, slow ou documented\nconseil\u00a0: «\u00a0x do --help\u00a0» donne la liste des options\n"},
		{"--port 65536", "", "x: --port: “65536” is no whole number from 0 to 65535\nhint: “x do --help” lists the flags\n"},
		{"--pace quick", "zh", "x: --pace 没有“quick”这个取值：请用 fast、slow 或 documented\n提示：“x do --help”列出全部选项\n"},
		{"--limit -1", "", "x: --limit: “-1” is no whole number from 0 on\nhint: “x do --help” lists the flags\n"},
		{"--idle-time 5", "", "x: --idle-time: “5” is no time: take one such as 10s or 2h\nhint: “x do --help” lists the flags\n"},
		{"--idle-time -2m", "", "x: --idle-time: “-2m” is no time: take one such as 10s or 2h\nhint: “x do --help” lists the flags\n"},
		{"more", "zh", "x: x do 不接受参数“more”\n提示：“x do --help”列出全部选项\n"},
		{"--plian", "", "x: unrecognized option '--plian'\nhint: did you mean --plain? “x do --help” lists the flags\n"},
		{"--lang de", "", "x: no language “de”: take en, fr or zh\nhint: “x do --help” lists the flags\n"},
	} {
		l, _ := line()
		_, lang, err := l.Parse(strings.Fields(tt.args), func(string) string { return tt.lang })
		var out strings.Builder
		catalogue.Report(&out, "x", err, lang)
		if out.String() != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.args, out.String(), tt.want)
		}
	}
}

// Help is had in any order with --lang, and also where the rest is wrong.
func TestHelp(t *testing.T) {
	for _, args := range []string{"-h --lang fr", "--lang=fr --help", "--pace quick -h -lang fr"} {
		l, _ := line()
		_, lang, err := l.Parse(strings.Fields(args), none)
		if !errors.Is(err, ErrHelp) || lang != catalogue.French {
			t.Errorf("%s: %s, %v", args, lang, err)
		}
	}
	for _, lang := range catalogue.Langs {
		l, _ := line()
		l.Parse(nil, none)
		var out strings.Builder
		if err := l.WriteHelp(&out, lang); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"x do", "What it does.\nAnd", "  -w ", "--pace fast|slow|documented  ", "-h, --help", "0: well.\n"} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: no %q in\n%s", lang, part, out.String())
			}
		}
		for line := range strings.Lines(out.String()) {
			if n := layout.Width(strings.TrimRight(line, "\n")); n > Columns {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
	}
}

// What stands behind the flags is named in the language, too.
func TestUsage(t *testing.T) {
	for args, want := range map[string]string{File + "…": "文件…", Name + "|list": "名字|list", "": ""} {
		l, _ := line()
		l.Args = args
		l.Parse(nil, none)
		var out strings.Builder
		if err := l.WriteHelp(&out, catalogue.Chinese); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(out.String(), "\n")
		if first != strings.TrimRight("用法：x do [选项] "+want, " ") {
			t.Errorf("%q: %s", args, first)
		}
	}
}

func TestEveryValueHasItsText(t *testing.T) {
	cataloguetest.Keys(t, texts, map[string][]string{"value.": {
		Address, Bytes, Directory, Duration, File, Interface, Name, Number, Origin, Port, Secret, Student, Text, User, Word,
	}}, ".")
}
