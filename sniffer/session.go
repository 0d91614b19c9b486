package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/net/bpf"

	"chatlab/sniffer/capture"
)

// run does what the command line says.
func (c *config) run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) error {
	switch {
	case c.help:
		_, err := io.WriteString(stdout, version+usage)
		return err
	case c.version:
		_, err := io.WriteString(stdout, version)
		return err
	case c.list:
		return listInterfaces(stdout)
	}
	c.print.Location = time.Local
	c.print.InterfaceName = interfaceNames()
	if c.print.Numeric == 0 {
		c.print.Names = newNames(ctx)
	}
	src, err := c.open(stdin, stderr)
	if err != nil {
		return err
	}
	defer src.close()
	if c.linkTypes {
		_, err := fmt.Fprintf(stdout, "Data link types for %s (use option -y to set):\n  %s\n", src.name, linkTypeName(src.link))
		return err
	}
	match, err := c.filter(src)
	if err != nil {
		return err
	}
	out, err := c.output(src, stdout)
	if err != nil {
		return err
	}
	if err := c.givePrivilegesUp(src.live != nil); err != nil {
		return err
	}
	if src.live != nil {
		c.announce(src, stderr)
	}
	captured, runErr := pump(ctx, src, out, match, c)
	if err := out.close(); runErr == nil {
		runErr = err
	}
	return c.finish(ctx, src, captured, runErr, stdout, stderr)
}

// announce says what is listened on, as tcpdump does.
func (c *config) announce(src *source, stderr io.Writer) {
	what := fmt.Sprintf("listening on %s, link-type %s, snapshot length %d bytes\n", src.name, linkTypeName(src.link), src.snaplen)
	if c.write == "" && c.print.Verbose == 0 {
		fmt.Fprintf(stderr, "sniffer: verbose output suppressed, use -v[v]... for full protocol decode\n%s", what)
	} else {
		fmt.Fprintf(stderr, "sniffer: %s", what)
	}
}

// finish tells the counts.
func (c *config) finish(ctx context.Context, src *source, captured uint64, err error, stdout, stderr io.Writer) error {
	if c.onlyCount && err == nil {
		_, err = fmt.Fprintf(stdout, "%d packet%s\n", captured, plural(captured))
	}
	if src.live == nil {
		return err
	}
	if ctx.Err() != nil && c.write == "" && err == nil {
		// What a terminal echoed for the key stands on the last line.
		io.WriteString(stdout, "\n")
	}
	src.live.Close()
	s := src.live.Stats()
	fmt.Fprintf(stderr, "%d packet%s captured\n%d packet%s received by filter\n%d packet%s dropped by kernel\n",
		captured, plural(captured), s.Received, plural(s.Received), s.Dropped, plural(s.Dropped))
	return err
}

func plural(n uint64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// A source is where packets come from.
type source struct {
	capture.Source
	name    string
	link    capture.LinkType
	snaplen int
	live    *capture.Live // nil for a file
	file    io.Closer

	filtered bool // by the kernel
}

func (s *source) close() {
	if s.live != nil {
		s.live.Close()
	}
	if s.file != nil {
		s.file.Close()
	}
}

// open opens the file of -r or the interface of -i.
func (c *config) open(stdin io.Reader, stderr io.Writer) (*source, error) {
	if c.read == "" {
		return c.openLive(stderr)
	}
	s := &source{name: c.read}
	in := stdin
	if c.read != "-" {
		f, err := os.Open(c.read)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.read, cause(err))
		}
		in, s.file = f, f
	}
	r, err := capture.NewReader(in)
	if err != nil {
		s.close()
		return nil, err
	}
	h := r.Header()
	s.Source, s.link, s.snaplen = r, h.LinkType, h.Snaplen
	fmt.Fprintf(stderr, "reading from file %s, link-type %s, snapshot length %d\n", c.read, linkTypeName(s.link), s.snaplen)
	return s, nil
}

func (c *config) openLive(stderr io.Writer) (*source, error) {
	device := c.device
	if device == "" {
		var err error
		if device, err = firstInterface(); err != nil {
			return nil, err
		}
	} else if name, ok := numberedInterface(device); ok {
		device = name
	}
	o := capture.Options{
		Interface: device, Snaplen: c.snaplen, Buffer: c.buffer, Promiscuous: !c.noPromiscuous && device != "any",
	}
	// What the filter's bytes mean depends on the link type, which is known when
	// the interface is open; and the filter is to be there before any packet.
	o.Filter = []bpf.RawInstruction{{Op: 0x06}} // ret #0: none
	probe, err := capture.Open(o)
	if err != nil {
		return nil, explainOpen(device, err)
	}
	link := probe.LinkType()
	probe.Close()
	var filtered bool
	if o.Filter, filtered, err = c.kernelFilter(link); err != nil {
		return nil, err
	}
	live, err := capture.Open(o)
	if err != nil {
		return nil, explainOpen(device, err)
	}
	s := &source{Source: live, live: live, name: device, link: link, snaplen: live.Snaplen(), filtered: filtered}
	if device == "any" {
		fmt.Fprintf(stderr, "sniffer: data link type %s\n", linkTypeShort(s.link))
	}
	return s, nil
}

// explainOpen adds what to do to an error of opening an interface.
func explainOpen(device string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return hinted{err, "capturing takes the right to: run it with sudo, or in a network namespace of your own: unshare -Urn"}
	case errors.Is(err, fs.ErrNotExist):
		return hinted{err, "sniffer -D lists the interfaces"}
	case errors.Is(err, errors.ErrUnsupported):
		return hinted{err, "read a file with -r, or capture on Linux"}
	}
	return err
}

// cause is what the system said, without the operation and path around it.
func cause(err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	if errno == syscall.ENOENT {
		return errors.New("No such file or directory") //lint:ignore ST1005 the C library's words
	}
	return errno
}

// An output takes packets: a file, or a printer.
type output struct {
	writer  *capture.Writer
	file    *os.File
	printer printer
}

// A printer is tcpdump's text, or what explains it.
type printer interface {
	Print(*capture.Packet) error
	Flush() error
}

func (c *config) output(src *source, stdout io.Writer) (*output, error) {
	o := &output{}
	if c.write != "" {
		w := stdout
		if c.write != "-" {
			f, err := os.Create(c.write)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.write, cause(err))
			}
			o.file, w = f, f
		}
		var err error
		o.writer, err = capture.NewWriter(w, capture.FileHeader{LinkType: src.link, Snaplen: src.snaplen, Nanoseconds: c.print.Nano})
		if err != nil {
			return nil, err
		}
	}
	if c.write == "" && !c.onlyCount || c.alsoPrint {
		var err error
		if o.printer, err = c.printer(stdout); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *output) packet(p *capture.Packet, flush bool) error {
	if o.writer != nil {
		if err := o.writer.Write(p); err != nil {
			return err
		}
		if flush {
			if err := o.writer.Flush(); err != nil {
				return err
			}
		}
	}
	if o.printer != nil {
		return o.printer.Print(p)
	}
	return nil
}

func (o *output) flush() error {
	var err error
	if o.writer != nil {
		err = o.writer.Flush()
	}
	if o.printer != nil {
		err = errors.Join(err, o.printer.Flush())
	}
	return err
}

func (o *output) close() error {
	err := o.flush()
	if o.file != nil {
		err = errors.Join(err, o.file.Close())
	}
	return err
}
