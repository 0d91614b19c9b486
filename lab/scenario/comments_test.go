package scenario_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

var update = flag.Bool("update", false, "write the golden files")

// The comments of the whole documented scenario, in each language.
func TestCommentsOfScenario(t *testing.T) {
	for _, lang := range catalogue.Langs {
		packets, err := scenario.Packets(true)
		if err != nil {
			t.Fatal(err)
		}
		var s dissect.Segment
		var tracker dissect.Tracker
		var annotator annotate.Annotator
		var out strings.Builder
		for i := range packets {
			if err := s.Decode(&packets[i]); err != nil {
				t.Fatal(err)
			}
			c := annotator.Add(tracker.Add(&s))
			fmt.Fprintf(&out, "%d %s ack=%v: %s\n", i+1, c.Step, c.Ack, c.Title(lang))
			for _, line := range c.Lines(lang) {
				fmt.Fprintf(&out, "   %s\n", line)
			}
		}
		golden(t, "comments."+string(lang)+".txt", out.String())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", name, got)
	}
}
