package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/webclient/wire"
)

// mutants is how many damaged captures are read, and maxMemory what a command may
// take for them all, in KiB.
const (
	mutants   = 3000
	maxMemory = 256 << 10
)

// mutate damages a capture in one to four ways.
func mutate(random *rand.Rand, seeds [][]byte, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + random.IntN(4) {
		if len(b) < 8 {
			return b
		}
		at := random.IntN(len(b))
		length := 1 + random.IntN(min(64, len(b)-at))
		switch other := seeds[random.IntN(len(seeds))]; random.IntN(7) {
		case 0:
			b[at] ^= 1 << random.IntN(8)
		case 1:
			b[at] = byte(random.IntN(256))
		case 2: // a length or offset that is extreme
			copy(b[at:], [][]byte{{0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 0}, {0xff, 0xff, 0xff, 0x7f}, {0, 0, 0, 0x80}}[random.IntN(4)])
		case 3:
			b = b[:at]
		case 4:
			b = slices.Delete(b, at, at+length)
		case 5:
			b = slices.Insert(b, at, bytes.Clone(b[at:at+length])...)
		case 6:
			from := random.IntN(len(other))
			b = slices.Insert(b, at, other[from:min(len(other), from+length)]...)
		}
	}
	return b
}

// packings compress a capture.
var packings = map[string]func(io.Writer) io.WriteCloser{
	".gz":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	".zst": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)); return z },
	".lz4": func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) },
}

func packed(t *testing.T, b []byte, writer func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var out bytes.Buffer
	w := writer(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// mutated writes damaged captures to a directory. Every tenth is packed before it is
// damaged, every tenth afterwards.
func mutated(t *testing.T) (dir string, files []string) {
	t.Helper()
	var seeds [][]byte
	for _, pattern := range []string{"check/testdata/cases/*.pcap", "../sniffer/testdata/*.pcap*"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			seeds = append(seeds, b)
		}
	}
	random := rand.New(rand.NewPCG(20140812, 7272))
	dir = t.TempDir()
	for i := range mutants {
		seed, name := seeds[random.IntN(len(seeds))], fmt.Sprintf("s%04d.pcap", i)
		extension := []string{".gz", ".zst", ".lz4"}[i/10%3]
		var b []byte
		switch i % 10 {
		case 0:
			name += extension
			b = mutate(random, seeds, packed(t, seed, packings[extension]))
		case 1:
			name += extension
			b = packed(t, mutate(random, seeds, seed), packings[extension])
		default:
			b = mutate(random, seeds, seed)
		}
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[i], b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, files
}

// bounded runs a command and fails if it panics, hangs or takes too much memory.
func bounded(t *testing.T, lab string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, lab, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	// What wait4(2) tells has this process's memory in it, from before execve(2).
	peak, err := 0, error(nil)
	for running, look := true, time.NewTicker(10*time.Millisecond); running; {
		select {
		case err = <-ended:
			running = false
		case <-look.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if _, rest, ok := bytes.Cut(status, []byte("VmHWM:")); ok {
				fmt.Sscan(string(rest), &peak)
			}
		}
	}
	if code := cmd.ProcessState.ExitCode(); ctx.Err() != nil || code < 0 || code > 2 || strings.Contains(stderr.String(), "goroutine ") {
		t.Fatalf("%.60q: %v\n%s", args, err, stderr.Bytes()[max(0, stderr.Len()-4000):])
	}
	if peak == 0 || peak > maxMemory {
		t.Errorf("%.60q takes %d KiB", args, peak)
	}
}

// Three thousand damaged captures are checked, graded and shown on the page: no
// panic, no hang, and bounded memory.
func TestMutatedCaptures(t *testing.T) {
	dir, files := mutated(t)
	lab := built(t)
	bounded(t, lab, append([]string{"check"}, files...)...)
	bounded(t, lab, append([]string{"check", "--json", "--lang", "zh"}, files...)...)
	bounded(t, lab, "grade", "--secret", "S", dir)
	t.Run("page", func(t *testing.T) { shown(t, files) })
}

// A megabyte that unpacks to a thousand of them is read in bounded memory.
func TestPackedBombs(t *testing.T) {
	lab := built(t)
	head, err := os.ReadFile("check/testdata/cases/28-php-said-before-second.pcap")
	if err != nil {
		t.Fatal(err)
	}
	for extension, writer := range packings {
		file := filepath.Join(t.TempDir(), "bomb.pcap"+extension)
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := writer(f)
		if _, err := w.Write(head); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		bounded(t, lab, "check", file)
	}
}

// shown gives the packets of captures to a page, as far as they can be read, and
// has its scripts unpack all of them.
func shown(t *testing.T, files []string) {
	w := wire.New(wire.Options{Packets: 1 << 20, Bytes: 128 << 20})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source, err := capture.NewReader(bytes.NewReader(b))
		if err != nil {
			continue
		}
		for p, err := range capture.All(source) {
			if err != nil {
				break
			}
			w.Feed(p)
		}
	}
	whole, err := scenario.Packets(false)
	if err != nil {
		t.Fatal(err)
	}
	last := whole[len(whole)-1]
	w.Feed(&last)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 30)
	var all []json.RawMessage
	for end := base64.StdEncoding.EncodeToString(last.Data); len(all) == 0 || !bytes.Contains(all[len(all)-1], []byte(end)); {
		_, data, err := conn.Read(ctx)
		if err != nil {
			t.Fatalf("after %d packets: %v", len(all), err)
		}
		var m struct{ Packets []json.RawMessage }
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m.Packets...)
	}
	if len(all) < mutants {
		t.Errorf("%d packets are shown", len(all))
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: the page's scripts do not unpack them")
	}
	packets, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	unpack := exec.CommandContext(ctx, node, "--input-type=module", "-e", `
		import { readFileSync } from "node:fs";
		import { bytesOf, dissect } from "./webclient/site/assets/js/dissect/packet.js";
		for (const p of JSON.parse(readFileSync(0))) {
			const bytes = bytesOf(p);
			for (const l of dissect(p, bytes))
				if (!(l.from >= 0 && l.from <= l.to && l.to <= bytes.length)) throw new Error(l.key + " " + l.from + " " + l.to + " " + JSON.stringify(p));
		}`)
	unpack.Dir, unpack.Stdin = "..", bytes.NewReader(packets)
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out[max(0, len(out)-4000):])
	}
}
