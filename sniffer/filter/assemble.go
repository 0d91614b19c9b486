package filter

import (
	"slices"

	"golang.org/x/net/bpf"

	"chatlab/sniffer/capture"
)

// What an expression may come to, so that none takes long or much memory. The
// kernel takes 4096 instructions (BPF_MAXINSNS); a program for files may be
// longer.
const (
	longestExpression = 1 << 17 // bytes
	mostBlocks        = 1 << 16 // tests before those with known outcome are left out
	longest           = 65000   // instructions
	longestKernel     = 4096
)

// assemble makes one program of the blocks. A conditional jump reaches 255
// instructions; one that must go further goes by an unconditional one. The
// variables are computed first.
func (g *graph) assemble(x exprs, root *block, vars []*expr) []bpf.RawInstruction {
	blocks := g.order(root)
	words := uint32(words16 - len(vars))
	start := &emitter{exprs: x, words: words}
	for _, v := range vars {
		start.toA(v.a, 0)
		start.op(st, v.k)
	}
	code := make([][]bpf.RawInstruction, len(blocks))
	swap := make([]bool, len(blocks))
	for _, b := range blocks {
		b.ways = 0
	}
	root.ways, root.in = 1, registers{}
	for i, b := range blocks {
		e := &emitter{exprs: x, words: words, registers: b.in}
		swap[i] = e.test(b.cmp)
		code[i] = e.out
		for _, to := range []*block{b.yes, b.no} {
			if to.ways == 0 {
				to.in = e.registers
			} else {
				to.in = to.in.meet(e.registers)
			}
			to.ways++
		}
	}

	// From the end, so that every distance is known: positions count from there.
	out := []bpf.RawInstruction{{Op: ret, K: 0}, {Op: ret, K: capture.MaxSnaplen}}
	g.reject.position, g.accept.position = 1, 2
	if root == g.reject || root == g.accept {
		return append(start.out, out[map[*block]int{g.reject: 0, g.accept: 1}[root]])
	}
	for i := len(blocks) - 1; i >= 0; i-- {
		b := blocks[i]
		yes, no := b.yes, b.no
		if swap[i] {
			yes, no = no, yes
		}
		distance := func(to *block) int { return len(out) - to.position }
		far := func(to *block) { out = append(out, g.goOn(to, distance(to))) }
		jt, jf := -1, -1
		if distance(no) > 254 {
			far(no)
			jf = len(out)
		}
		if distance(yes) > 255 {
			far(yes)
			jt = len(out)
		}
		here := len(out)
		j := code[i][len(code[i])-1]
		j.Jt, j.Jf = uint8(here-position(yes, jt)), uint8(here-position(no, jf))
		out = append(out, j)
		for k := len(code[i]) - 2; k >= 0; k-- {
			out = append(out, code[i][k])
		}
		b.position = len(out)
		if len(out) > longest {
			fail(0, "", "limit.program", "n", longest)
		}
	}
	slices.Reverse(out)
	return append(start.out, out...)
}

func position(b *block, by int) int {
	if by >= 0 {
		return by
	}
	return b.position
}

// goOn is the instruction for the far end of a jump: at a terminal the return
// itself.
func (g *graph) goOn(to *block, distance int) bpf.RawInstruction {
	switch to {
	case g.accept:
		return bpf.RawInstruction{Op: ret, K: capture.MaxSnaplen}
	case g.reject:
		return bpf.RawInstruction{Op: ret, K: 0}
	}
	return bpf.RawInstruction{Op: jump, K: uint32(distance)}
}
