package tty

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestTerminal(t *testing.T) {
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0) // pts(4)
	if err != nil {
		t.Skipf("no pseudoterminals: %v", err)
	}
	defer f.Close()
	if !Is(f) {
		t.Fatal("a pseudoterminal is no terminal")
	}
	for width, want := range map[uint16]int{0: 80, 40: 40, 80: 80, 100: 100, 101: 100, 400: 100} {
		if err := unix.IoctlSetWinsize(int(f.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
			t.Fatal(err)
		}
		if got := Columns(f); got != want {
			t.Errorf("of %d columns: got %d, want %d", width, got, want)
		}
	}
	for _, tt := range []struct {
		getenv func(string) string
		want   bool
	}{
		{env(), true}, {env("TERM", "xterm"), true}, {env("NO_COLOR", ""), true},
		{env("TERM", "xterm", "NO_COLOR", "1"), false}, {env("TERM", "dumb"), false},
	} {
		if got := Colour(f, tt.getenv); got != tt.want {
			t.Errorf("TERM=%s NO_COLOR=%s: got %v", tt.getenv("TERM"), tt.getenv("NO_COLOR"), got)
		}
	}
}

func TestNoTerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, f := range []any{file, &bytes.Buffer{}, nil} {
		if Is(f) || Colour(f, env("TERM", "xterm")) || Columns(f) != 80 {
			t.Errorf("%T is taken for a terminal", f)
		}
	}
}
