package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

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
	src, err := c.open(ctx, stdin, stdout, stderr)
	if src != nil {
		defer src.close()
	}
	if err != nil {
		return err
	}
	if c.linkTypes && src.live != nil {
		_, err := fmt.Fprintf(stdout, "Data link types for %s (use option -y to set):\n  %s\n", src.name, src.link)
		return err
	}
	match, programs, err := c.filter(ctx, src)
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
	p := pump{src: src, out: out, match: match, limit: c.count, live: src.live != nil, prompt: src.prompt}
	captured, err := p.run(ctx, src.stop)
	if err2 := out.close(); err == nil {
		err = err2
	}
	if programs != nil {
		if refused := programs.settle(stderr); err == nil && refused != nil {
			return refused
		}
	}
	return c.finish(ctx, src, captured, err, stdout, stderr)
}

// announce says what is listened on, as tcpdump does.
func (c *config) announce(src *source, stderr io.Writer) {
	what := fmt.Sprintf("listening on %s, link-type %s, snapshot length %d bytes\n", src.name, src.link, src.snaplen)
	if c.write == "" && c.print.Verbose == 0 {
		fmt.Fprintf(stderr, "sniffer: verbose output suppressed, use -v[v]... for full protocol decode\n%s", what)
	} else {
		fmt.Fprintf(stderr, "sniffer: %s", what)
	}
}

// finish tells the counts. err is what ended the capture.
func (c *config) finish(ctx context.Context, src *source, captured uint64, err error, stdout, stderr io.Writer) error {
	if c.onlyCount && src.live == nil {
		_, err2 := fmt.Fprintf(stdout, "%d packet%s\n", captured, plural(captured))
		if err == nil {
			err = err2
		}
	}
	if src.live == nil {
		return fromReading(err)
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

// fromReading adds what tcpdump calls what it was doing to an error of a file's.
func fromReading(err error) error {
	var cut *capture.TruncatedError
	if errors.As(err, &cut) {
		return fmt.Errorf("pcap_loop: %w", err)
	}
	return err
}

func plural(n uint64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// cause is what the system said, without the operation and path around it, and
// in the C library's words.
func cause(err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	switch errno {
	case syscall.ENOENT:
		return words{errno, "No such file or directory"}
	case syscall.EACCES:
		return words{errno, "Permission denied"}
	case syscall.EISDIR:
		return words{errno, "Is a directory"}
	}
	return errno
}

// words are other words for an error.
type words struct {
	error
	text string
}

func (w words) Error() string { return w.text }
func (w words) Unwrap() error { return w.error }
