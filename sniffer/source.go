package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/term"

	"chatlab/sniffer/capture"
)

// A source is where packets come from.
type source struct {
	capture.BatchSource
	name    string
	link    capture.LinkType
	snaplen int
	live    *capture.Live // nil for a file
	file    io.Closer

	mixed    bool // packets may be of other link types than link
	filtered bool // by the kernel
	prompt   bool // packets may come one by one: an interface, a pipe
}

func (s *source) close() {
	if s.live != nil {
		s.live.Close()
	}
	if s.file != nil {
		s.file.Close()
	}
}

// stop ends a read that waits for packets; those that are there can be read.
func (s *source) stop() {
	if s.live != nil {
		s.live.Stop()
	} else if s.file != nil {
		s.file.Close()
	}
}

// open opens the file of -r or the interface of -i.
func (c *config) open(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (*source, error) {
	if c.read == "" {
		return c.openLive(ctx, stdout, stderr)
	}
	s := &source{name: c.read, prompt: true}
	in := stdin
	if c.read != "-" {
		f, err := os.Open(c.read)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.read, cause(err))
		}
		in, s.file = f, f
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			s.prompt = false
		}
	} else if f, ok := stdin.(*os.File); ok {
		s.file = f
	}
	r, err := capture.NewReader(in)
	if err != nil {
		s.close()
		var errno syscall.Errno
		if errors.As(err, &errno) {
			err = fmt.Errorf("error reading dump file: %w", cause(err))
		}
		return nil, err
	}
	h := r.Header()
	s.BatchSource, s.link, s.snaplen, s.mixed = r, h.LinkType, h.Snaplen, r.Mixed()
	fmt.Fprintf(stderr, "reading from file %s, link-type %s, snapshot length %d\n", c.read, s.link, s.snaplen)
	return s, c.readExpression()
}

func (c *config) openLive(ctx context.Context, stdout, stderr io.Writer) (*source, error) {
	device, err := interfaceOf(c.device)
	if err != nil {
		return nil, err
	}
	o := capture.Options{
		Interface: device, Snaplen: c.snaplen, Buffer: c.buffer, Promiscuous: !c.noPromiscuous && device != "any",
		Immediate: c.immediate || c.packetBuffered || c.write == "" && (c.print.LineBuffered || isTerminal(stdout)),
	}
	if o.Filter, err = c.kernelFilter(ctx); err != nil {
		return nil, err
	}
	live, err := capture.Open(o)
	if err != nil {
		return nil, c.explainFilter(explainOpen(err))
	}
	s := &source{BatchSource: live, live: live, name: device, link: live.LinkType(), snaplen: live.Snaplen(), filtered: true, prompt: true}
	if device == "any" {
		fmt.Fprintf(stderr, "sniffer: data link type %s\n", s.link.Name())
	}
	return s, nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// explainOpen adds what to do to an error of opening an interface.
func explainOpen(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return hinted{err, "capturing takes privilege: run it with sudo, or in a network namespace of your own (unshare -Urn)"}
	case errors.Is(err, fs.ErrNotExist):
		return hinted{err, "sniffer -D lists the interfaces"}
	case errors.Is(err, errors.ErrUnsupported):
		return hinted{err, "read a file with -r, or capture on Linux"}
	}
	return err
}
