package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudoterminal (pts(4)).
func terminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudoterminals: %v", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	return keyboard, screen
}

// Ctrl-S on the terminal stops what is shown, not the chat; after Ctrl-Q each
// line is there.
func TestStoppedTerminal(t *testing.T) {
	keyboard, screen := terminal(t)
	addr, cmd := program(t, nil, screen)
	join(t, addr, "first")
	in := bufio.NewScanner(keyboard)
	until := func(text string) {
		t.Helper()
		for in.Scan() {
			if strings.Contains(in.Text(), text) {
				return
			}
		}
		t.Fatalf("no %q: %v", text, in.Err())
	}
	until("name=first")
	keyboard.WriteString("\x13") // Ctrl-S: the line discipline takes it before write(2) returns
	chats(t, addr)
	keyboard.WriteString("\x11") // Ctrl-Q
	until("name=b")
	keyboard.WriteString("\x13")
	join(t, addr, "last")
	terminate(t, cmd)
}
