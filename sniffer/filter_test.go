package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFilterFile: -F takes an expression on several lines, with comments, and
// ends where a C string does.
func TestFilterFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "filter")
	_, want, _ := sniffer(t, nil, "-nr", documented, "src port 7272 and port 60584")
	for _, text := range []string{
		"src port 7272\n and port 60584\n",
		"# the server's\n src port 7272 # and not\n\nand port 60584 # of one client",
		"src port 7272 and port 60584\x00 and what C does not see",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if code, out, stderr := sniffer(t, nil, "-nr", documented, "-F", name); code != 0 || out != want || out == "" {
			t.Errorf("%q: status %d, stderr %q, stdout:\n%s", text, code, stderr, out)
		}
	}
}
