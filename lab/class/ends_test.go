package class

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

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
	for _, tt := range []struct {
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
			if err := g.CSV(&csv, lang); err != nil {
				t.Fatal(err)
			}
			for _, out := range []string{table.String(), csv.String()} {
				if !strings.Contains(out, tt.said[lang]) {
					t.Errorf("%s: not said: %s\n%s", lang, tt.said[lang], out)
				}
			}
		}
	}
}
