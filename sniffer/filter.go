package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// expressionError is what is wrong with the filter's expression.
type expressionError struct {
	error      *filter.Error
	expression string
}

func (e expressionError) Error() string {
	return "can't parse filter expression: " + e.error.Msg
}

// readExpression takes the expression of -F, instead of the words, as tcpdump
// does.
func (c *config) readExpression() error {
	if c.filterFile == "" {
		return nil
	}
	b, err := os.ReadFile(c.filterFile)
	if err != nil {
		return fmt.Errorf("can't open %s: %w", c.filterFile, cause(err))
	}
	c.expression = strings.TrimSpace(string(withoutComments(b)))
	return nil
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

// filter makes a test of what the kernel has not filtered: the expression and
// the direction. nil takes all packets. The programs, where there are any, are
// to be settled when all packets have come.
func (c *config) filter(ctx context.Context, src *source) (func(*capture.Packet) bool, *programs, error) {
	var match func(*capture.Packet) bool
	var p *programs
	if c.expression != "" && !src.filtered {
		// What is written has the first link type: no later one could help.
		var err error
		if p, err = newPrograms(ctx, c.expression, src.link, src.mixed && c.write == ""); err != nil {
			return nil, nil, c.explainFilter(err)
		}
		match = p.match
	}
	if c.direction == capture.DirectionUnknown {
		return match, p, nil
	}
	return func(k *capture.Packet) bool {
		return (k.Direction == capture.DirectionOut) == (c.direction == capture.DirectionOut) && (match == nil || match(k))
	}, p, nil
}

// kernelFilter makes the filter of a live capture.
func (c *config) kernelFilter(ctx context.Context) (func(capture.LinkType) (capture.Filter, error), error) {
	if err := c.readExpression(); err != nil {
		return nil, err
	}
	e, err := filter.Parse(c.expression, nil)
	if err != nil {
		return nil, c.explainFilter(err)
	}
	return e.Live(ctx), nil
}

func (c *config) explainFilter(err error) error {
	return explainFilter(c.expression, err)
}

func explainFilter(expression string, err error) error {
	var wrong *filter.Error
	if errors.As(err, &wrong) {
		return expressionError{wrong, expression}
	}
	return err
}
