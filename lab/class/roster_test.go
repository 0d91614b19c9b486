package class

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"chatlab/sniffer/catalogue"
)

// said gives what is odd about a list as line and key, a line that is left out with -.
func said(l *Roster) (all []string) {
	for _, o := range l.Odd {
		sign := ""
		if o.Lost {
			sign = "-"
		}
		all = append(all, fmt.Sprintf("%d %s%s", o.Line, sign, o.What.Key()))
	}
	return all
}

func TestReadRoster(t *testing.T) {
	for _, tt := range []struct{ list, ids, odd string }{
		{"ann\nbob", "ann|bob", ""},
		{"ann\r\nbob\r\n\r\n", "ann|bob", ""},
		{"ann\rbob\r", "ann|bob", ""},
		{"\ufeff  ann \n\n# the second group\n\tbob\u00a0\n", "ann|bob", ""},
		{"Zoe\u0301\nZOÉ\nann\nAnn \n", "Zoé|ann", "2 list.double|4 list.double"},
		{"J\u030c\n\u01f0\n", "J̌", "2 list.double"},
		// CSV as spreadsheets and platforms write it.
		{"id;nom\nann;Ann, la première\nbob;Bob\n", "ann|bob", "1 list.heading"},
		{"\"Student ID\",Name\n\"ann\",\"Ann \"\"A\"\" B\"\n bob , Bob\n,,\n", "ann|bob", "1 list.heading"},
		{"学号\t姓名\n2026001\t王芳\n2026002\t李娜\n", "2026001|2026002", "1 list.heading"},
		{"sep=;\r\nann;1,5\r\nbob;2,5\r\n", "ann|bob", ""},
		{"id,name\nstudent,Bob\n", "student", "1 list.heading"},
		{"sep=;", "", ""},
		{"ann,Ann\nstudent,Bob\n", "ann|student", ""},
		{"Login\nann\n", "Login|ann", "1 list.word"},
		{"ann,Ann\n,Bob\n", "ann", "2 -id.none"},
		{"\"Martin, Ann\"\n\"Martin, Bob\"\n", "Martin, Ann|Martin, Bob", ""},
		{"ann\nMartin, Bob\ncat\n", "ann|Martin, Bob|cat", ""},
		{"ann,\"likes\n\n# this\"\nbob,x\n", "ann|bob", "1 list.cell"},
		{"ann,\"x\nbob,x\ncat,\"x\"y\n", "ann|bob|cat", "1 list.quote|3 list.quote"},
		{"\"ann\nbob\"\ncat\n", "cat", "1 list.quote|1 -id.sign|2 -id.sign"},
		// Ids that can name no file.
		{"ann/..\na\\b\nC:\nq?\na*\n<b>\na|b\nann\n", "ann", "1 -id.sign|2 -id.sign|3 -id.sign|4 -id.sign|5 -id.sign|6 -id.sign|7 -id.sign"},
		{".\n..\n.ann\nann.\na.b\n", "a.b", "1 -id.point|2 -id.point|3 -id.point|4 -id.point"},
		{"CON\nnul.txt\ncom1\nLPT¹\nconny\ncom12\nNULL\n", "conny|com12|NULL", "1 -id.device|2 -id.device|3 -id.device|4 -id.device"},
		{"a\x1b[2Jb\nx\u202ey\nx\u200by\n\x7f\na\tb\nنمی\u200cدانم\n", "نمی\u200cدانم", "1 -id.unseen|2 -id.unseen|3 -id.unseen|4 -id.unseen|5 -id.unseen"},
		{strings.Repeat("é", 51) + "\n" + strings.Repeat("é", 50) + "\n", strings.Repeat("é", 50), "1 -id.long"},
		{"2,02612E+11\n202612000001\n", "202612000001", "1 -id.rounded"},
		{"Zo\xe9\nann\n", "ann", "1 -id.bytes"},
	} {
		l, err := ReadRoster(strings.NewReader(tt.list))
		if got := strings.Join(l.IDs, "|"); got != tt.ids || (err == nil) != (tt.ids != "") {
			t.Errorf("%q: got %q, %v", tt.list, got, err)
		}
		if got := strings.Join(said(l), "|"); got != tt.odd {
			t.Errorf("%q: said %q, not %q", tt.list, got, tt.odd)
		}
	}
}

// What a spreadsheet saves is read, however it writes characters.
func TestReadRosterEncodings(t *testing.T) {
	little, big := unicode.LittleEndian, unicode.BigEndian
	for name, e := range map[string]encoding.Encoding{
		"UTF-8": unicode.UTF8, "UTF-8 with a mark": unicode.UTF8BOM,
		"UTF-16LE": unicode.UTF16(little, unicode.IgnoreBOM), "UTF-16BE": unicode.UTF16(big, unicode.IgnoreBOM),
		"UTF-16LE with a mark": unicode.UTF16(little, unicode.UseBOM), "UTF-16BE with a mark": unicode.UTF16(big, unicode.UseBOM),
	} {
		data, err := e.NewEncoder().Bytes([]byte("学号\t姓名\r\nZoé\t王芳\r\n一二\tx\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		l, err := ReadRoster(bytes.NewReader(data))
		if err != nil || !slices.Equal(l.IDs, []string{"Zoé", "一二"}) || len(l.Odd) != 1 {
			t.Errorf("%s: %q, %q, %v", name, l.IDs, said(l), err)
		}
	}
}

func TestReadRosterRefuses(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "s%d\n", i)
		}
		return b.String()
	}
	wide, err := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().String("ann\n")
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.Windows1252.NewEncoder().String("Zoé\nÉlodie\n")
	if err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{
		"":                                "list.empty",
		"\ufeff\n \r\n# nobody\n":         "list.empty",
		"id,name\n":                       "list.empty",
		"CON\n":                           "list.empty",
		latin:                             "list.empty",
		"PK\x03\x04\x14\x00\x06":          "list.spreadsheet",
		"%PDF-1.7\n":                      "list.spreadsheet",
		"\x7fELF\x00\x00\x01\x01Z":        "list.binary",
		"a\x00\x00b":                      "list.binary",
		wide:                              "list.binary",
		many(5001):                        "list.many",
		strings.Repeat("x", 1<<20) + "\n": "list.large",
	} {
		l, err := ReadRoster(strings.NewReader(list))
		told, ok := err.(*catalogue.Error)
		if !ok || told.What.Key() != want || told.Hint.IsZero() || len(l.IDs) > 0 {
			t.Errorf("%.20q: got %v, want %s", list, err, want)
		}
	}
	if l, err := ReadRoster(strings.NewReader("id,name\n" + strings.ReplaceAll(many(5000), "\n", ",x\n"))); err != nil || len(l.IDs) != 5000 {
		t.Errorf("5000 students: %d, %v", len(l.IDs), err)
	}
}

func TestFind(t *testing.T) {
	l := NewRoster([]string{" Zoé", "bob", "BOB", "a/b"})
	if len(l.IDs) != 2 || l.Lost() != 1 || len(l.Odd) != 2 {
		t.Errorf("got %q, %q", l.IDs, said(l))
	}
	for _, id := range []string{"zoé", "ZOE\u0301 ", "Zoé"} {
		if got, ok := l.Find(id); got != "Zoé" || !ok {
			t.Errorf("%q: got %q, %v", id, got, ok)
		}
	}
	for _, id := range []string{"", "zoe", "a/b"} {
		if got, ok := l.Find(id); ok {
			t.Errorf("%q: got %q", id, got)
		}
	}
	if _, ok := new(Roster).Find("ann"); ok {
		t.Error("somebody is in no list")
	}
}

// What is odd is said in a line, with nothing in it that drives a terminal.
func TestOdditiesAreSaid(t *testing.T) {
	l, _ := ReadRoster(strings.NewReader("\x1b[2J\nann\nAnn\n"))
	for _, lang := range catalogue.Langs {
		for _, o := range l.Odd {
			if m := o.Message().In(lang); strings.ContainsAny(m, "\x1b\n") || !strings.Contains(m, fmt.Sprint(o.Line)) {
				t.Errorf("said %q", m)
			}
		}
	}
}

func FuzzReadRoster(f *testing.F) {
	for _, list := range []string{"id;name\nann;\"A\nB\"\n", "\xff\xfea\x00\n\x00", "sep=\t\n\"a\"\tb\rZoe\u0301\r\n#x\n", "\"\"\"a\"\"", "J\u030c"} {
		f.Add([]byte(list))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		l, err := ReadRoster(bytes.NewReader(list))
		if (err == nil) != (len(l.IDs) > 0) {
			t.Fatalf("%d students, %v", len(l.IDs), err)
		}
		lines := strings.Count(strings.ReplaceAll(string(list), "\r", "\n"), "\n") + 1
		for _, o := range l.Odd {
			if m := o.Message().In(catalogue.French); o.Line < 1 || o.Line > lines || !utf8.ValidString(m) {
				t.Errorf("line %d of %d: %q", o.Line, lines, m)
			}
		}
		seen := map[string]bool{}
		for _, id := range l.IDs {
			if found, ok := l.Find(id); !ok || found != id || seen[Fold(id)] || Fold(Fold(id)) != Fold(id) || !unfit(id).IsZero() {
				t.Errorf("%q is found as %q", id, found)
			}
			seen[Fold(id)] = true
			if again, err := ReadRoster(strings.NewReader(`"` + id + `"`)); err != nil || !slices.Equal(again.IDs, []string{id}) {
				t.Errorf("%q alone: %q, %v", id, again.IDs, err)
			}
		}
	})
}
