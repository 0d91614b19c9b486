package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLinesInTheirOrder(t *testing.T) {
	var b bytes.Buffer
	j := New(&b)
	j.Flush(time.Minute) // there is nothing yet
	var want strings.Builder
	for i := range 1000 {
		fmt.Fprintf(j, "line %d\n", i)
		fmt.Fprintf(&want, "line %d\n", i)
	}
	j.Flush(time.Minute)
	if b.String() != want.String() {
		t.Errorf("%d bytes, want %d", b.Len(), want.Len())
	}
}

// While nobody reads, nobody who logs waits, and not more than so much is kept.
// When somebody reads again, every line is there or counted, where it was lost.
func TestAnUnreadPipe(t *testing.T) {
	r, w := io.Pipe()
	j := New(w)
	const lines = 20000
	log := slog.New(slog.NewTextHandler(j, nil))
	for i := range lines {
		log.Info("ignored", "n", i) // would wait for ever
	}
	j.mu.Lock()
	kept := len(j.queue)
	j.mu.Unlock()
	if kept > maxQueued {
		t.Errorf("%d bytes wait", kept)
	}

	next, in := 0, bufio.NewScanner(r)
	for next < lines && in.Scan() {
		var n int
		_, after, ok := strings.Cut(in.Text(), `msg="`)
		switch {
		case strings.HasSuffix(in.Text(), fmt.Sprintf("level=INFO msg=ignored n=%d", next)):
			next++
		case ok && strings.Contains(in.Text(), "level=WARN"):
			if _, err := fmt.Sscanf(after, "%d log lines were lost: ", &n); err != nil || n == 0 {
				t.Fatalf("read %q", in.Text())
			}
			next += n
		default:
			t.Fatalf("read %q for line %d", in.Text(), next)
		}
	}
	if next != lines {
		t.Errorf("%d lines are there or counted, want %d", next, lines)
	}
	// And then all is as before.
	log.Info("later")
	if !in.Scan() || !strings.HasSuffix(in.Text(), "msg=later") {
		t.Errorf("read %q", in.Text())
	}
}

func TestALongLine(t *testing.T) {
	var b bytes.Buffer
	j := New(&b)
	long := strings.Repeat("x", 2*maxQueued) + "\n"
	io.WriteString(j, long)
	j.Flush(time.Minute)
	if b.String() != long {
		t.Errorf("%d bytes of %d", b.Len(), len(long))
	}
}

// failing is a writer that takes the first of each line's bytes, then fails, until
// it is mended.
type failing struct {
	mu    sync.Mutex
	takes int
	bad   bool
	bytes.Buffer
}

func (f *failing) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bad {
		n, _ := f.Buffer.Write(p[:min(f.takes, len(p))])
		return n, errors.New("no space left on device")
	}
	return f.Buffer.Write(p)
}

func (f *failing) set(bad bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bad = bad
}

// A full disk or a reader that is gone costs lines, which are counted, and
// nothing else.
func TestAWriterThatFails(t *testing.T) {
	for _, takes := range []int{0, 3} {
		f := &failing{takes: takes}
		j := New(f)
		say := func(s string) {
			io.WriteString(j, s)
			j.Flush(time.Minute)
		}
		say("one\n")
		f.set(true)
		say("two\n")
		say("three\n")
		f.set(false)
		say("four\n")
		say("five\n")
		lines := strings.Split(f.String(), "\n")
		lost := lines[len(lines)-4]
		if lines[0] != "one" || !strings.Contains(lost, "2 log lines were lost: ") || !strings.HasPrefix(lost, "time=") ||
			lines[len(lines)-3] != "four" || lines[len(lines)-2] != "five" || strings.Count(f.String(), "lost") != 1 {
			t.Errorf("taking %d bytes: %q", takes, f.String())
		}
	}
}

// The end waits for a reader as long as it was told to, and not longer.
func TestFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		j := New(w)
		io.WriteString(j, "one\n")
		began := time.Now()
		j.Flush(time.Second)
		if d := time.Since(began); d != time.Second {
			t.Errorf("waited %v for a reader that is stopped", d)
		}
		go func() {
			time.Sleep(300 * time.Millisecond)
			io.Copy(io.Discard, r)
		}()
		began = time.Now()
		j.Flush(time.Second)
		if d := time.Since(began); d != 300*time.Millisecond {
			t.Errorf("waited %v for a reader that reads again", d)
		}
		w.Close()
	})
}
