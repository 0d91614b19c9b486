package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

// sourceOptions say where packets come from.
type sourceOptions struct {
	file    string          // -r; "": an interface
	capture capture.Options // -i, -s, -B, -p, --immediate-mode
}

// A source is where packets come from.
type source struct {
	capture.BatchSource
	name    string
	link    capture.LinkType
	snaplen int
	live    *capture.Live // nil for a file
	file    io.Closer

	mixed  bool // packets may be of other link types than link
	prompt bool // packets may come one by one: an interface, a pipe
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

// openFile opens a file, or for "-" takes stdin.
func openFile(name string, stdin io.Reader) (*source, error) {
	s := &source{name: name, prompt: true}
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, about(name, err)
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
		if errno := syscall.Errno(0); errors.As(err, &errno) {
			err = texts.Error("source.read", "why", cause(err))
		}
		return nil, err
	}
	h := r.Header()
	s.BatchSource, s.link, s.snaplen, s.mixed = r, h.LinkType, h.Snaplen, r.Mixed()
	return s, nil
}

// openLive opens an interface.
func openLive(o capture.Options) (*source, error) {
	live, err := capture.Open(o)
	if err != nil {
		return nil, explainOpen(err)
	}
	return &source{BatchSource: live, live: live, name: o.Interface, link: live.LinkType(), snaplen: live.Snaplen(), prompt: true}, nil
}

// explainOpen adds what to do to an error of opening an interface.
func explainOpen(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return hinted(err, "hint.privilege")
	case errors.Is(err, fs.ErrNotExist):
		return hinted(err, "hint.interfaces")
	case errors.Is(err, errors.ErrUnsupported):
		return hinted(err, "hint.linux")
	}
	return explainFilter(err)
}

// hinted adds what to do about an error, if it is one.
func hinted(err error, hint string) error {
	if err == nil {
		return nil
	}
	return catalogue.WithHint(err, texts.Message(hint))
}
