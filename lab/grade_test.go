package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Students who hand in what the lab itself played have its keys and ports in
// common, and are not copies of each other; whose file another handed in again
// is.
func TestWhatTheLabPlayedIsNoCopy(t *testing.T) {
	dir := t.TempDir()
	file := func(student string) string { return filepath.Join(dir, student+".pcap") }
	must := func(status int, said string) {
		t.Helper()
		if status != exitRight {
			t.Fatalf("status %d: %s", status, said)
		}
	}
	getenv := func(string) string { return "" }
	lab := func(args ...string) string {
		t.Helper()
		var stdout, stderr strings.Builder
		must(run(t.Context(), args, &stdout, &stderr, getenv), stderr.String())
		return stdout.String()
	}
	for _, student := range []string{"run1", "run2"} {
		lab("run", "--stage", "userspace", "-w", file(student))
	}
	students := 7
	if namespaces() == "" {
		students += 2
		for _, student := range []string{"kernel1", "kernel2"} {
			lab("run", "--stage", "namespace", "-w", file(student))
		}
	}
	for _, student := range []string{"replay1", "replay2"} {
		lab("replay", "-w", file(student))
	}
	for _, student := range []string{"skip1", "skip2"} {
		results := t.TempDir()
		var said strings.Builder
		status, err := runGuide(t.Context(), []string{"--stage", "userspace", "--chat", "0", "--page", "0", "--results", results, "--state", t.TempDir()},
			strings.NewReader(strings.Repeat("skip\n", 100)), &terminal{stdout: &said, stderr: &said, getenv: getenv, lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		must(status, said.String())
		if err := os.Rename(filepath.Join(results, "chatlab-guide.pcap"), file(student)); err != nil {
			t.Fatal(err)
		}
	}
	original, err := os.ReadFile(file("run2"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file("copy"), original, 0o600); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(lab("grade", "--secret", "S", "--csv", "-", dir))).ReadAll()
	if err != nil || len(rows) != 1+students {
		t.Fatalf("%q, %v", rows, err)
	}
	for _, row := range rows[1:] {
		by := map[string]string{}
		for i, name := range rows[0] {
			by[name] = row[i]
		}
		alike, known := by["alike"]
		if !known || alike != "" || by["source"] != "" || !strings.Contains(by["notes"], "that the lab itself plays") {
			t.Errorf("%s is like %q, of %q: %s", by["student"], alike, by["source"], by["notes"])
		}
	}
}
