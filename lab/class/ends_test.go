package class

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect/linktest"
)

var reason = regexp.MustCompile(`ann\.pcap(?:: |\x{a0}: |：)`)

// What of a capture can be read is graded, and the table says in the teacher's
// language why it is not all.
func TestGradeOfWhatCanBeRead(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "ann.pcap")
	write(t, name, captured(t, Assign(secret, "ann"), 1))
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		data []byte
		said map[catalogue.Lang]string
	}{
		{whole[:len(whole)-3], map[catalogue.Lang]string{"en": "The file is cut off after", "fr": "Le fichier est coupé après", "zh": "个完整的数据包之后被截断"}},
		{append(bytes.Clone(whole), bytes.Repeat([]byte{0xff}, 100)...), map[catalogue.Lang]string{"en": "The file is damaged after", "fr": "Le fichier est endommagé après", "zh": "个数据包之后损坏"}},
	} {
		if err := os.WriteFile(name, tt.data, 0o600); err != nil {
			t.Fatal(err)
		}
		g, err := GradeDir(context.Background(), secret, dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if g.Grades[0].Points != Of {
			t.Errorf("%d points", g.Grades[0].Points)
		}
		for _, lang := range catalogue.Langs {
			var table, csv bytes.Buffer
			if err := g.Table(&table, lang, 1000); err != nil {
				t.Fatal(err)
			}
			if err := g.CSV(&csv, lang, ','); err != nil {
				t.Fatal(err)
			}
			for _, out := range []string{table.String(), csv.String()} {
				// What else is wrong with a file is told, too.
				if damaged := i == 1; reason.MatchString(out) != damaged {
					t.Errorf("%s: the reason is told: %v\n%s", lang, !damaged, out)
				}
				if !strings.Contains(out, tt.said[lang]) {
					t.Errorf("%s: not said: %s\n%s", lang, tt.said[lang], out)
				}
			}
		}
	}
}

// The table says why a capture that cannot be read has no points.
func TestGradeOfWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	packets := captured(t, Assign(secret, "ann"), 1)
	for i := range packets {
		packets[i].LinkType = 189
	}
	write(t, filepath.Join(dir, "ann.pcap"), packets)
	var wifi []capture.Packet
	for _, l := range linktest.Unread[:1] {
		data := l.Packet(packets[0].Data[14:])
		wifi = append(wifi, capture.Packet{LinkType: l.Link, Length: len(data), Data: data})
	}
	write(t, filepath.Join(dir, "bob.pcap"), wifi)
	g, err := GradeDir(context.Background(), secret, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, said := range []map[catalogue.Lang]string{
		{"en": "link type 189 USB_LINUX", "fr": "type de liaison 189 USB_LINUX", "zh": "链路类型是 189 USB_LINUX"},
		{"en": "encrypted Wi-Fi frames", "fr": "trames Wi-Fi chiffrées", "zh": "加密"},
	} {
		for lang, text := range said {
			if notes := strings.Join(g.Grades[i].notes(lang), " "); g.Grades[i].Points != 0 || !strings.Contains(notes, text) {
				t.Errorf("%s: %d points: %s", g.Grades[i].Student, g.Grades[i].Points, notes)
			}
		}
	}
}
