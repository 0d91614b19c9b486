package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/net/bpf"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// expressionError is what is wrong with the filter's expression.
type expressionError struct {
	error      *filter.Error
	expression string
	link       string // of the packets that it is wrong for, if not for all
}

func (e expressionError) Error() string {
	if e.link != "" {
		return fmt.Sprintf("can't parse filter expression for the packets of link-type %s: %s", e.link, e.error.Msg)
	}
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

// match tells whether a packet is one of those that were asked for.
type match func(*capture.Packet) (bool, error)

// filter makes a test of what the kernel has not filtered: the expression and
// the direction. nil takes all packets.
func (c *config) filter(src *source) (match, error) {
	var m match
	if c.expression != "" && !src.filtered {
		p, err := filter.Compile(c.expression, src.link, src.snaplen, nil)
		if err != nil {
			return nil, c.explainFilter(err)
		}
		programs := programs{c: c, of: map[capture.LinkType]*filter.Program{src.link: p}}
		m = programs.match
	}
	if c.direction == capture.DirectionUnknown {
		return m, nil
	}
	return func(k *capture.Packet) (bool, error) {
		if (k.Direction == capture.DirectionOut) != (c.direction == capture.DirectionOut) {
			return false, nil
		}
		if m == nil {
			return true, nil
		}
		return m(k)
	}, nil
}

// programs are the expression's programs, one for each link type as it comes: a
// pcapng file has packets of several interfaces, and what is a port in those of
// one are other bytes in those of the next. tcpdump refuses such a file.
type programs struct {
	c  *config
	of map[capture.LinkType]*filter.Program // nil: no packet of it can match
}

func (p *programs) match(k *capture.Packet) (bool, error) {
	program, known := p.of[k.LinkType]
	if !known {
		var err error
		program, err = filter.Compile(p.c.expression, k.LinkType, 0, nil)
		var wrong *filter.Error
		switch {
		case err == nil, errors.As(err, &wrong) && wrong.Rejects:
		case wrong != nil:
			return false, expressionError{wrong, p.c.expression, linkTypeName(k.LinkType)}
		default:
			return false, err
		}
		p.of[k.LinkType] = program
	}
	return program != nil && program.Match(k.Data, k.Length), nil
}

// kernelFilter makes the socket's filter. Without instructions the kernel lets
// every packet pass; filtered tells whether that is what was asked for.
func (c *config) kernelFilter(link capture.LinkType) (ins []bpf.RawInstruction, filtered bool, err error) {
	if c.expression == "" {
		return nil, true, nil
	}
	if link == capture.LinuxSLL || link == capture.LinuxSLL2 {
		// The capture makes the kernel's program of the file's: it knows where a
		// cooked socket has what the header will hold.
		p, err := filter.Compile(c.expression, link, c.snaplen, nil)
		if err != nil {
			return nil, false, c.explainFilter(err)
		}
		return p.Raw(), true, nil
	}
	ins, err = filter.CompileKernel(c.expression, link, c.snaplen, nil)
	if errors.Is(err, filter.ErrUserSpace) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, c.explainFilter(err)
	}
	return ins, true, nil
}

func (c *config) explainFilter(err error) error {
	var wrong *filter.Error
	if errors.As(err, &wrong) {
		return expressionError{error: wrong, expression: c.expression}
	}
	return err
}
