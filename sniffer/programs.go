package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// programs are an expression's programs, one for each link type as it comes: a
// pcapng file has packets of several interfaces, and what is a port in those of
// one are other bytes in those of the next. tcpdump refuses such a file. Here
// the packets of a link type that the expression has no program for do not
// match, whichever interface comes first.
type programs struct {
	ctx        context.Context // ends lookups of names
	expression *filter.Expression
	first      *program // of the link type that the file begins with

	// The goroutine that matches may outlive the wish to know what it did.
	mu  sync.Mutex
	all []*program // in the order in which their link types came
}

// program is what there is for one link type.
type program struct {
	link   capture.LinkType
	run    *filter.Program // nil: no packet of it can match
	err    error           // why run is nil
	passed uint64          // packets
}

// newPrograms fails where the expression is wrong for every link type; and, but
// for packets of mixed link types, where it is for the first.
func newPrograms(ctx context.Context, expression string, first capture.LinkType, mixed bool) (*programs, error) {
	e, err := filter.Parse(expression, nil)
	if err != nil {
		return nil, err
	}
	p := &programs{ctx: ctx, expression: e}
	p.first = p.compile(first)
	if err := p.first.err; err != nil && (!mixed || p.wrongForAll()) {
		return nil, err
	}
	return p, nil
}

func (p *programs) compile(link capture.LinkType) *program {
	g := &program{link: link}
	g.run, g.err = p.expression.Compile(p.ctx, link)
	return g
}

// wrongForAll tells whether the expression is wrong in itself, not only for some
// link type.
func (p *programs) wrongForAll() bool {
	known := []capture.LinkType{
		capture.Ethernet, capture.Null, capture.Raw, capture.Loop, capture.LinuxSLL, capture.LinuxSLL2, capture.IPv4, capture.IPv6,
	}
	return !slices.ContainsFunc(known, func(l capture.LinkType) bool {
		err := p.compile(l).err
		return err == nil || rejects(err)
	})
}

// rejects tells whether an expression is right but matches nothing.
func rejects(err error) bool {
	var wrong *filter.Error
	return errors.As(err, &wrong) && wrong.Rejects
}

// match tells whether a packet is one of those that were asked for.
func (p *programs) match(k *capture.Packet) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.of(k.LinkType)
	if g.run == nil {
		g.passed++
		return false
	}
	return g.run.Match(k.Data, k.Length)
}

func (p *programs) of(link capture.LinkType) *program {
	for _, g := range p.all {
		if g.link == link {
			return g
		}
	}
	g := p.first
	if g.link != link {
		g = p.compile(link)
	}
	p.all = append(p.all, g)
	return g
}

// settle tells which packets the expression was not tried on. Where there were
// no others that is an error, the first link type's: so tcpdump has it for a
// file of one.
func (p *programs) settle(stderr io.Writer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) == 0 {
		return explainFilter(p.expression.String(), p.first.err)
	}
	if !slices.ContainsFunc(p.all, func(g *program) bool { return g.run != nil }) {
		return explainFilter(p.expression.String(), p.all[0].err)
	}
	for _, g := range p.all {
		if g.run == nil && !rejects(g.err) {
			why := ", which cannot be filtered"
			if errors.As(g.err, new(*filter.Error)) {
				why = ": " + g.err.Error()
			}
			fmt.Fprintf(stderr, "sniffer: passed over %d packet%s of link-type %s%s\n", g.passed, plural(g.passed), g.link, why)
		}
	}
	return nil
}
