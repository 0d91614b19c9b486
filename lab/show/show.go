// Package show lays packets out for a reader: each with its comment above it
// and a blank line after it, or as the bare lines of tcpdump.
package show

import (
	"bytes"
	"io"
	"strings"
	"time"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/tcpdump"
)

// Options say how packets are laid out.
type Options struct {
	Lang  catalogue.Lang
	Plain bool // tcpdump's lines alone: no comments, no blank lines
	Hex   bool // as tcpdump -XA prints; else as -A
	// Columns is the width that comments are broken to.
	Columns int
	Colour  bool
	// Location is the time zone that packets are shown in.
	Location *time.Location
	// Terminal2014 shows a carriage return as the terminal of 2014 did when
	// tcpdump wrote it as it was: what follows it overwrites the line.
	Terminal2014 bool
}

// Show shows packets, one after another.
type Show struct {
	w         io.Writer
	o         Options
	printer   *tcpdump.Printer
	lines     bytes.Buffer // what the printer printed
	tracker   dissect.Tracker
	annotator annotate.Annotator
}

// New returns a Show that writes to w.
func New(w io.Writer, o Options) *Show {
	s := &Show{w: w, o: o}
	options := tcpdump.Options{Numeric: 1, ASCII: 1, Location: o.Location, RawCR: o.Terminal2014, LineBuffered: true}
	if o.Hex {
		options.HexASCII = 1
	}
	s.printer = tcpdump.NewPrinter(&s.lines, options)
	return s
}

// Learn takes a segment that is not shown, for what it tells of later ones: the
// numbers that relative ones count from, and names.
func (s *Show) Learn(segment *dissect.Segment) (*dissect.Event, error) {
	e, _, err := s.take(segment)
	return e, err
}

// Packet shows a segment's packet. Notes are said at the end of its comment.
func (s *Show) Packet(segment *dissect.Segment, notes ...string) (*dissect.Event, error) {
	e, comment, err := s.take(segment)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if !s.o.Plain {
		block := explain.Block{Lang: s.o.Lang, Columns: s.o.Columns, Colour: s.o.Colour}
		out.WriteString(block.Text(comment, notes...))
	}
	for line := range strings.Lines(s.lines.String()) {
		line = strings.TrimSuffix(line, "\n")
		if s.o.Terminal2014 {
			line = overwrite(line)
		}
		// An HTTP head ends in an empty line, which the documented page leaves out.
		if line != "" {
			out.WriteString(line + "\n")
		}
	}
	if !s.o.Plain {
		out.WriteString("\n")
	}
	_, err = io.WriteString(s.w, out.String())
	return e, err
}

func (s *Show) take(segment *dissect.Segment) (*dissect.Event, *annotate.Comment, error) {
	s.lines.Reset()
	if err := s.printer.Print(segment.Packet); err != nil {
		return nil, nil, err
	}
	e := s.tracker.Add(segment)
	return e, s.annotator.Add(e), nil
}

// overwrite gives what a terminal shows of a line of ASCII with carriage returns
// in it: each sends the cursor back to the first column.
func overwrite(line string) string {
	if !strings.Contains(line, "\r") {
		return line
	}
	var shown []byte
	column := 0
	for i := range len(line) {
		if line[i] == '\r' {
			column = 0
			continue
		}
		shown = append(shown[:column], append([]byte{line[i]}, shown[min(column+1, len(shown)):]...)...)
		column++
	}
	return string(shown)
}
