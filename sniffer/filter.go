package main

import (
	"bytes"
	"os"
	"strings"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// filterOptions say which packets are wanted.
type filterOptions struct {
	expression string            // the words
	file       string            // -F
	direction  capture.Direction // -Q
}

// parse reads the expression: that of -F, if it is there, instead of the words,
// as tcpdump does.
func (o *filterOptions) parse(names filter.Resolver) (*filter.Expression, error) {
	text := o.expression
	if o.file != "" {
		b, err := os.ReadFile(o.file)
		if err != nil {
			return nil, texts.Error("filter.file", "file", o.file, "why", cause(err))
		}
		text = strings.TrimSpace(string(withoutComments(b)))
	}
	return filter.Parse(text, names)
}

// withoutComments puts spaces in place of what follows # on a line, and ends the
// text where C does (read_infile in tcpdump.c).
func withoutComments(b []byte) []byte {
	comment := false
	for i, c := range b {
		comment = c != '\n' && (comment || c == '#')
		if comment {
			b[i] = ' '
		}
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	return b
}

// passes makes the test of what the kernel has not filtered: the expression, if
// there is a matcher, and the direction. nil takes all packets.
func (o *filterOptions) passes(m *filter.Matcher) func(*capture.Packet) bool {
	var match func(*capture.Packet) bool
	if m != nil {
		match = m.Match
	}
	if o.direction == capture.DirectionUnknown {
		return match
	}
	out := o.direction == capture.DirectionOut
	return func(k *capture.Packet) bool {
		return (k.Direction == capture.DirectionOut) == out && (match == nil || match(k))
	}
}

// explainFilter says of what is wrong with an expression that it is that.
func explainFilter(err error) error {
	if _, ok := err.(*filter.Error); ok {
		return texts.Error("filter.wrong", "why", err)
	}
	return err
}
