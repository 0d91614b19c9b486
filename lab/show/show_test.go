package show

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"chatlab/lab/compare"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

func TestOverwrite(t *testing.T) {
	for in, want := range map[string]string{
		"plain":          "plain",
		"abcdef\rXY":     "XYcdef",
		"ab\rlonger":     "longer",
		"abc\r\rX\rYZ":   "YZc",
		"\rabc":          "abc",
		"abc\r":          "abc",
		"abcdef\rgh\rij": "ijcdef",
	} {
		if got := overwrite(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Comments keep within the width, in every language, with and without colour.
func TestCommentsKeepWithinColumns(t *testing.T) {
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range catalogue.Langs {
		for _, columns := range []int{40, 80, 100} {
			for _, colour := range []bool{false, true} {
				var out strings.Builder
				s := New(&out, Options{Lang: lang, Columns: columns, Colour: colour})
				for i := range packets {
					var segment dissect.Segment
					if err := segment.Decode(&packets[i]); err != nil {
						t.Fatal(err)
					}
					if _, err := s.Packet(&segment); err != nil {
						t.Fatal(err)
					}
				}
				if got := strings.Contains(out.String(), "\x1b["); got != colour {
					t.Errorf("%s: coloured is %v", lang, got)
				}
				plain := escapes.ReplaceAllString(out.String(), "")
				inside := false
				for line := range strings.Lines(plain) {
					line = strings.TrimSuffix(line, "\n")
					inside = inside || strings.HasPrefix(line, "/* ")
					if w := uniseg.StringWidth(line); inside && w > columns {
						t.Errorf("%s at %d columns: %d in %s", lang, columns, w, line)
					}
					if strings.HasSuffix(line, " */") {
						inside = false
					}
				}
			}
		}
	}
}

func TestTable(t *testing.T) {
	documented, err := compare.Documented()
	if err != nil {
		t.Fatal(err)
	}
	got := slices.Clone(documented)
	got[3].Ack++
	got[0].Window++
	got[7].Flags = tcp.ACK
	got = slices.Insert(got, 8, compare.Packet{From: 7272, To: 60653, Flags: tcp.ACK, Seq: 157, Ack: 754},
		compare.Packet{From: 7272, To: 60653, Flags: tcp.RST, Seq: 157})
	for _, lang := range catalogue.Langs {
		var right, wrong strings.Builder
		o := Options{Lang: lang, Columns: 80}
		if err := Table(&right, compare.Packets(documented, documented, compare.Place{Options: true}), nil, o); err != nil {
			t.Fatal(err)
		}
		if err := Table(&wrong, compare.Packets(documented, got, compare.Place{Options: true}), nil, o); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(right.String() + wrong.String()) {
			if uniseg.StringWidth(strings.TrimSuffix(line, "\n")) > 80 {
				t.Errorf("%s: too wide: %s", lang, line)
			}
		}
		if !strings.Contains(right.String(), " 19/19 ") || strings.Contains(right.String(), "!") {
			t.Errorf("%s: got\n%s", lang, right.String())
		}
		for _, want := range []string{"18/19      !", "18/19      ~ ", "packet 4, relative ack: documented 1, captured 2", "packet 8, flags: documented [P.], captured [.]",
			"1 packet more than documented", "not documented: 1. A kernel"} {
			if lang == catalogue.English && !strings.Contains(wrong.String(), want) {
				t.Errorf("no %q in\n%s", want, wrong.String())
			}
		}
	}
}
