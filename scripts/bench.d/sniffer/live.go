package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"chatlab/sniffer/capture"
)

// live captures a flood on loopback with tcpdump and with the sniffer, in turns.
func live(ctx context.Context, table io.Writer, dir, sniffer string, rate, rounds int) error {
	fmt.Fprintln(table, "live on lo\tsent\tsent/s\tcaptured\tdropped\tin the output\tcounts")
	for _, words := range []string{"-w -", "-A -n"} {
		for range rounds {
			for _, program := range []string{"tcpdump", sniffer} {
				args := append([]string{"-i", "lo"}, strings.Fields(words)...)
				c, err := beside(ctx, dir, program, append(args, "tcp port 7272"), rate)
				if errors.Is(err, exec.ErrNotFound) {
					continue
				}
				if err != nil {
					return fmt.Errorf("%s %s: %w", filepath.Base(program), words, err)
				}
				verdict := "right"
				if c.captured != c.written || c.captured+c.dropped != c.sent {
					verdict = "do not add up"
				}
				fmt.Fprintf(table, "%s %s\t%d\t%.0f\t%d\t%d\t%d\t%s\n", filepath.Base(program), words,
					c.sent, float64(c.sent)/c.took.Seconds(), c.captured, c.dropped, c.written, verdict)
			}
		}
	}
	return nil
}

// counts are what was sent, what a program says of it, and what it wrote.
type counts struct {
	sent, captured, dropped, written int
	took                             time.Duration
}

// beside runs a program while the flood lasts.
func beside(ctx context.Context, dir, program string, args []string, rate int) (c counts, err error) {
	name := filepath.Join(dir, "live.out")
	out, err := os.Create(name)
	if err != nil {
		return c, err
	}
	defer os.Remove(name)
	defer out.Close()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stdout = out
	talk, err := cmd.StderrPipe()
	if err != nil {
		return c, err
	}
	if err := cmd.Start(); err != nil {
		return c, err
	}
	lines := bufio.NewReader(talk)
	for said := ""; !strings.Contains(said, "listening on"); {
		if said, err = lines.ReadString('\n'); err != nil {
			_ = cmd.Wait()
			return c, fmt.Errorf("it ended: %s", said)
		}
	}
	began := time.Now()
	c.sent, err = flood(ctx, rate, 10*time.Second)
	c.took = time.Since(began)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return c, err
	}
	settled(out)
	_ = cmd.Process.Signal(os.Interrupt)
	rest, err := io.ReadAll(lines)
	if err != nil {
		return c, err
	}
	if err := cmd.Wait(); err != nil {
		return c, fmt.Errorf("%w: %s", err, rest)
	}
	c.captured, c.dropped = said(rest, "captured"), said(rest, "dropped by kernel")
	c.written, err = written(name)
	return c, err
}

// settled waits until the file grows no more: tcpdump leaves on an interrupt
// what waits in its ring.
func settled(f *os.File) {
	for last := int64(-1); ; {
		info, err := f.Stat()
		if err != nil || info.Size() == last {
			return
		}
		last = info.Size()
		time.Sleep(1500 * time.Millisecond)
	}
}

// said gives the count before what in a program's last lines.
func said(text []byte, what string) int {
	m := regexp.MustCompile(`(?m)^(\d+) packets? ` + what).FindSubmatch(text)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// written counts the packets in a capture file or a text.
func written(name string) (n int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if errors.Is(err, capture.ErrFormat) {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return 0, err
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if bytes.Contains(lines.Bytes(), []byte(" IP 127.0.0.1.40000 > ")) {
				n++
			}
		}
		return n, lines.Err()
	}
	for err == nil {
		var p capture.Packet
		if err = r.Read(&p); err == nil {
			n++
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
