package filter

import (
	"context"
	"errors"
	"slices"
	"sync"

	"chatlab/sniffer/capture"
)

// A Matcher tries an expression on packets of any link type, with one program for
// each as it comes: a pcapng file has packets of several interfaces, and what is
// a port in those of one are other bytes in those of the next. tcpdump refuses
// such a file. Here the packets of a link type that the expression has no program
// for do not match, whichever interface comes first.
type Matcher struct {
	ctx        context.Context // ends lookups of names
	expression *Expression
	first      *linkProgram // of the link type that the packets begin with

	// Whoever matches may outlive the wish to know what it did.
	mu  sync.Mutex
	all []*linkProgram // in the order in which their link types came
}

// linkProgram is what there is for one link type.
type linkProgram struct {
	link    capture.LinkType
	run     *Program // nil: no packet of it can match
	err     error    // why run is nil
	skipped uint64   // packets
}

// Matcher makes what matches packets that begin with one link type and, if mixed,
// may be of others. It fails where the expression is wrong for every link type;
// and, but for mixed ones, where it is for the first. The errors are Compile's.
func (e *Expression) Matcher(ctx context.Context, first capture.LinkType, mixed bool) (*Matcher, error) {
	m := &Matcher{ctx: ctx, expression: e}
	m.first = m.compile(first)
	err := m.first.err
	if err != nil && (!mixed || ctx.Err() != nil || m.wrongForAll()) {
		return nil, err
	}
	return m, nil
}

func (m *Matcher) compile(link capture.LinkType) *linkProgram {
	p := &linkProgram{link: link}
	p.run, p.err = m.expression.Compile(m.ctx, link)
	return p
}

// wrongForAll tells whether the expression is wrong in itself, not only for some
// link type.
func (m *Matcher) wrongForAll() bool {
	known := []capture.LinkType{
		capture.Ethernet, capture.Null, capture.Raw, capture.Loop, capture.LinuxSLL, capture.LinuxSLL2, capture.IPv4, capture.IPv6,
	}
	return !slices.ContainsFunc(known, func(l capture.LinkType) bool {
		err := m.compile(l).err
		return err == nil || rejects(err)
	})
}

// rejects tells whether an expression is right but matches nothing.
func rejects(err error) bool {
	var wrong *Error
	return errors.As(err, &wrong) && wrong.Rejects
}

// Match reports whether the packet passes.
func (m *Matcher) Match(k *capture.Packet) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.of(k.LinkType)
	if p.run == nil {
		p.skipped++
		return false
	}
	return p.run.Match(k.Data, k.Length)
}

func (m *Matcher) of(link capture.LinkType) *linkProgram {
	for _, p := range m.all {
		if p.link == link {
			return p
		}
	}
	p := m.first
	if p.link != link {
		p = m.compile(link)
	}
	m.all = append(m.all, p)
	return p
}

// Skipped are packets that an expression could not be tried on.
type Skipped struct {
	LinkType capture.LinkType
	Packets  uint64
	Err      error // why: an *Error or a LinkTypeError
}

// Skipped tells, when all packets have come, which the expression was not tried
// on. Where there were no others that is an error, the first link type's: so
// tcpdump has it for a file of one.
func (m *Matcher) Skipped() ([]Skipped, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.all) == 0 {
		return nil, m.first.err
	}
	if !slices.ContainsFunc(m.all, func(p *linkProgram) bool { return p.run != nil }) {
		return nil, m.all[0].err
	}
	var skipped []Skipped
	for _, p := range m.all {
		if p.run == nil && !rejects(p.err) && m.ctx.Err() == nil {
			skipped = append(skipped, Skipped{p.link, p.skipped, p.err})
		}
	}
	return skipped, nil
}
