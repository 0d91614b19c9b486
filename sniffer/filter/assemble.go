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

// assemble makes one program of the blocks. The variables are computed first.
func (g *graph) assemble(x exprs, root *block, vars []*expr) []bpf.RawInstruction {
	words := uint32(words16 - len(vars))
	start := &emitter{exprs: x, words: words}
	for _, v := range vars {
		start.toA(v.a, 0)
		start.op(st, v.k)
	}
	switch root {
	case g.reject, g.accept:
		return append(start.out, g.goOn(root, 0))
	}
	blocks := g.order(root)
	g.emit(x, blocks, words)
	return append(start.out, g.place(blocks)...)
}

// emit writes each block's code. A block knows what the registers hold on every
// way to it, for those before it in order are done.
func (g *graph) emit(x exprs, blocks []*block, words uint32) {
	for _, b := range blocks {
		b.ways = 0
	}
	blocks[0].ways, blocks[0].in = 1, registers{}
	for _, b := range blocks {
		e := &emitter{exprs: x, words: words, registers: b.in}
		b.swap = e.test(b.cmp)
		b.code = e.out
		for _, to := range []*block{b.yes, b.no} {
			if to.ways == 0 {
				to.in = e.registers
			} else {
				to.in = to.in.meet(e.registers)
			}
			to.ways++
		}
	}
}

// place puts the blocks' code one behind the other, from the end, so that every
// distance is known: positions count from there. A conditional jump reaches 255
// instructions; one that must go further goes by an unconditional one.
func (g *graph) place(blocks []*block) []bpf.RawInstruction {
	out := []bpf.RawInstruction{g.goOn(g.reject, 0), g.goOn(g.accept, 0)}
	g.reject.position, g.accept.position = 1, 2
	for _, b := range slices.Backward(blocks) {
		yes, no := b.yes, b.no
		if b.swap {
			yes, no = no, yes
		}
		// reach gives the position to jump to; most is how far a jump may be.
		reach := func(to *block, most int) int {
			distance := len(out) - to.position
			if distance <= most {
				return to.position
			}
			out = append(out, g.goOn(to, distance))
			return len(out)
		}
		// What is put in for the second jump makes the first one longer.
		noAt := reach(no, 254)
		yesAt := reach(yes, 255)
		j := &b.code[len(b.code)-1]
		j.Jt, j.Jf = uint8(len(out)-yesAt), uint8(len(out)-noAt)
		slices.Reverse(b.code)
		out = append(out, b.code...)
		b.position = len(out)
		if len(out) > longest {
			fail(0, "", "limit.program", "n", longest)
		}
	}
	slices.Reverse(out)
	return out
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
