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
	"fmt"
	"strings"

	"chatlab/sniffer/capture"

	"golang.org/x/net/bpf"
)

// MaxSnaplen is what a snaplen of 0 or less stands for, as in tcpdump.
const MaxSnaplen = 262144

// Program is a compiled expression.
type Program struct {
	raw []bpf.RawInstruction
	ins []instruction
}

// Raw gives the program for packets as they are in files, with the link layer's
// header of lt; a packet that passes returns the snaplen. A socket wants
// CompileKernel's.
func (p *Program) Raw() []bpf.RawInstruction { return append([]bpf.RawInstruction(nil), p.raw...) }

// Compile makes a program of an expression for packets of one link type. The
// empty expression matches every packet. Names are looked up with resolve, nil
// stands for System. The error is an *Error, but for a link type that is none of
// capture's.
func Compile(expression string, lt capture.LinkType, snaplen int, resolve Resolver) (*Program, error) {
	raw, err := compile(expression, lt, snaplen, resolve, false)
	if err != nil {
		return nil, err
	}
	return &Program{raw: raw, ins: decode(raw)}, nil
}

// CompileKernel makes the program for SO_ATTACH_FILTER (socket(7)) on an
// AF_PACKET socket whose packets will be written as lt. For LinuxSLL and
// LinuxSLL2 that is a socket of type SOCK_DGRAM, whose packets begin at the
// network layer: protocol, interface and direction come from ancillary data.
// For Ethernet a VLAN tag that the kernel has taken off counts for "vlan", and
// "inbound", "outbound" and "ifindex" work. As with libpcap, len, less and
// greater count without the header that a "cooked" socket's packets get later.
//
// The error is an *Error, or one that is ErrUserSpace: then the expression is
// right, but only Compile's program can run it. The kernel itself may answer
// ENOMEM to a long program (net.core.optmem_max); Match is the way then, too.
func CompileKernel(expression string, lt capture.LinkType, snaplen int, resolve Resolver) ([]bpf.RawInstruction, error) {
	raw, err := compile(expression, lt, snaplen, resolve, true)
	if err == nil && len(raw) > longestKernel {
		return nil, userSpace{"the filter has more instructions than the kernel's 4096"}
	}
	return raw, err
}

func compile(expression string, lt capture.LinkType, snaplen int, resolve Resolver, kernel bool) (raw []bpf.RawInstruction, err error) {
	defer catch(&err)
	if snaplen <= 0 || snaplen > MaxSnaplen {
		snaplen = MaxSnaplen
	}
	if resolve == nil {
		resolve = System
	}
	if len(expression) > longestExpression {
		fail(longestExpression, "", "the expression is longer than %d bytes", longestExpression)
	}
	g := newGraph()
	x := exprs{}
	tree := parse(expression)
	if tree == nil {
		return g.assemble(x, g.accept, uint32(snaplen)), nil
	}
	root := g.lower(tree, lt, resolve, x, kernel, false)
	if kernel && lt == capture.Ethernet && hasVLAN(tree) {
		// Whether the tag is in the packet or beside it is seen packet by packet:
		// the expression is made twice, and the tag's place asked first.
		hasTag := x.intern(expr{op: opLoad, size: 1, k: auxVLANHasTag})
		root = g.test(&compare{eq, hasTag, x.num(1)}, g.lower(tree, lt, resolve, x, kernel, true), root)
	}
	root = g.optimize(root)
	if root == g.reject {
		panic(&Error{Word: strings.TrimSpace(expression), Msg: "the expression can match no packet of this link type", Rejects: true})
	}
	return g.assemble(x, root, uint32(snaplen)), nil
}

func (g *graph) lower(tree node, lt capture.LinkType, resolve Resolver, x exprs, kernel, stripped bool) *block {
	l, ok := newLowerer(lt, resolve, x)
	if !ok {
		panic(linkTypeError(lt))
	}
	l.kernel, l.stripped = kernel, stripped
	return g.build(l.cond(tree), g.accept, g.reject)
}

type linkTypeError capture.LinkType

func (l linkTypeError) Error() string {
	return fmt.Sprintf("packets of link type %d cannot be filtered", uint32(l))
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
