// Package filter compiles tcpdump's filter expressions, the language of
// pcap-filter(7), and runs them: in user space over packets from files, in the
// kernel as a socket's filter.
//
// What matches is what libpcap 1.10 matches: precedence, implied qualifiers,
// the order of the tests, loads behind the end of a packet. The code is made
// from an expression tree by short-circuit jumps; tests whose outcome is known
// from earlier ones are then led past.
//
// It differs where libpcap's answer helps nobody: errors name the word; on Null
// both byte orders of the address family are taken; "byte N & N" loads the byte
// first; "net NAME" has the mask that the number's zeros suggest; and a divisor
// or a distance of shift is judged by its value, not by its first constant.
package filter

import (
	"context"
	"errors"
	"os"
	"strings"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"

	"golang.org/x/net/bpf"
)

// Expression is a filter expression that was read and found right in its
// grammar. Programs are made of it, one for each link type. It is for one
// goroutine at a time.
type Expression struct {
	text  string
	tree  node // nil: every packet
	names names
}

// Parse reads an expression; the empty one matches every packet. What its names
// stand for is asked of resolver, nil stands for net.DefaultResolver, and of the
// files protocols(5), networks(5) and ethers(5). The error is an *Error.
func Parse(expression string, resolver Resolver) (*Expression, error) {
	return parseWith(expression, newNames(resolver, os.DirFS("/etc")))
}

func parseWith(expression string, names names) (e *Expression, err error) {
	defer catch(expression, &err)
	if len(expression) > longestExpression {
		fail(longestExpression, "", "limit.length", "n", longestExpression)
	}
	return &Expression{expression, parse(expression), names}, nil
}

// String returns the expression as it was given to Parse.
func (e *Expression) String() string { return e.text }

// Program is a compiled expression.
type Program struct {
	raw []bpf.RawInstruction
	ins []instruction
}

// Raw gives the program for packets as they are in files, with the link layer's
// header; for a packet that passes it returns capture.MaxSnaplen.
func (p *Program) Raw() []bpf.RawInstruction { return append([]bpf.RawInstruction(nil), p.raw...) }

// Compile makes a program for packets of one link type, as they are in files.
// The error is an *Error, a LinkTypeError, or ctx's, which ends the lookups of
// names.
func (e *Expression) Compile(ctx context.Context, lt capture.LinkType) (*Program, error) {
	raw, err := e.compile(ctx, lt, false)
	if err != nil {
		return nil, err
	}
	return &Program{raw: raw, ins: decode(raw)}, nil
}

// Live makes the filter of a live capture (capture.Options). Its program takes
// packets as a socket has them: with LinuxSLL and LinuxSLL2 from the network
// layer on, protocol, interface and direction being ancillary data; with
// Ethernet without the VLAN tag that the kernel has taken off, which counts for
// "vlan" all the same. "inbound", "outbound" and "ifindex" work with every link
// type. As with libpcap, len, less and greater count without the header that a
// cooked socket's packets get later.
//
// There is no program where the kernel could not run it: where the expression
// looks into the part of a cooked header that is in no packet of the kernel's,
// or is too long. Match filters then. The errors are Compile's.
func (e *Expression) Live(ctx context.Context) func(capture.LinkType) (capture.Filter, error) {
	return func(lt capture.LinkType) (capture.Filter, error) { return e.live(ctx, lt) }
}

func (e *Expression) live(ctx context.Context, lt capture.LinkType) (capture.Filter, error) {
	socket, err := e.compile(ctx, lt, true)
	if err != nil && !errors.Is(err, errUserSpace) {
		return capture.Filter{}, err
	}
	f := capture.Filter{Program: socket}
	p, fileErr := e.Compile(ctx, lt)
	if fileErr == nil {
		f.Match = p.Match
	} else if err != nil {
		return capture.Filter{}, fileErr
	}
	return f, nil
}

func (e *Expression) compile(ctx context.Context, lt capture.LinkType, kernel bool) (raw []bpf.RawInstruction, err error) {
	defer catch(e.text, &err)
	g := newGraph()
	x := exprs{}
	if e.tree == nil {
		return g.assemble(x, g.accept, nil), nil
	}
	var vars []*expr // also where no test is left that asks for them, as in libpcap
	lower := func(stripped bool) *block {
		l := newLowerer(ctx, lt, e.names, x)
		l.kernel, l.stripped = kernel, stripped
		c := l.cond(e.tree)
		vars = variables(c)
		return g.build(c, g.accept, g.reject)
	}
	root := lower(false)
	if kernel && lt == capture.Ethernet && hasVLAN(e.tree) {
		// Whether the tag is in the packet or beside it is known packet by packet:
		// the expression is made twice, and the tag's place asked first.
		hasTag := x.intern(expr{op: opLoad, size: 1, k: auxVLANHasTag})
		root = g.test(&compare{eq, hasTag, x.num(1)}, lower(true), root)
	}
	root = g.optimize(root)
	if root == g.reject {
		panic(failure{&Error{Word: strings.TrimSpace(e.text), What: texts.Message("rejects"), Rejects: true}})
	}
	raw = g.assemble(x, root, vars)
	if kernel && len(raw) > longestKernel {
		return nil, errUserSpace
	}
	return raw, nil
}

// LinkTypeError says that packets of a link type cannot be filtered, because
// their headers are not known here.
type LinkTypeError capture.LinkType

// Error says it in English.
func (l LinkTypeError) Error() string { return l.Message().In(catalogue.English) }

// Message says it.
func (l LinkTypeError) Message() catalogue.Message {
	return texts.Message("link-type", "link", capture.LinkType(l))
}

func hasVLAN(n node) bool {
	switch n := n.(type) {
	case *chain:
		if hasVLAN(n.first) {
			return true
		}
		for _, l := range n.rest {
			if hasVLAN(l.n) {
				return true
			}
		}
	case *negation:
		return hasVLAN(n.n)
	case *simple:
		return n.what == "vlan"
	}
	return false
}
