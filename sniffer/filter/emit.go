package filter

import "golang.org/x/net/bpf"

// Instruction codes of classic BPF (bpf(4), linux/filter.h).
const (
	ldImm, ldLen, ldMem    = 0x00, 0x80, 0x60
	ldxImm, ldxMem, ldxMSH = 0x01, 0x61, 0xb1
	ldAbs, ldInd           = 0x20, 0x40 // with the size: 0x00 four bytes, 0x08 two, 0x10 one
	st, tax, addX, neg     = 0x02, 0x07, 0x0c, 0x84
	jump, jeq, jgt, jge    = 0x05, 0x15, 0x25, 0x35
	jset                   = 0x45
	withX                  = 0x08 // an operation's second operand is X, not K
	ret                    = 0x06
)

var aluCode = map[op]uint16{opAdd: 0x04, opSub: 0x14, opMul: 0x24, opDiv: 0x34, opMod: 0x94,
	opAnd: 0x54, opOr: 0x44, opXor: 0xa4, opLsh: 0x64, opRsh: 0x74}

var sizeCode = map[uint8]uint16{4: 0x00, 2: 0x08, 1: 0x10}

// words16 is the number of words of scratch memory that a BPF machine has.
const words16 = 16

// registers says what A and X hold at some point.
type registers struct {
	a *expr
	x *expr // what X holds; an IPv4 header's length as headerLength gives it
}

func (r registers) meet(o registers) registers {
	if r.a != o.a {
		r.a = nil
	}
	if r.x != o.x {
		r.x = nil
	}
	return r
}

// emitter writes the instructions of one block.
type emitter struct {
	exprs
	out   []bpf.RawInstruction
	words uint32 // of scratch memory that are free; variables have the last
	registers
}

func (e *emitter) op(code uint16, k uint32) {
	e.out = append(e.out, bpf.RawInstruction{Op: code, K: k})
}

// headerLength stands for 4*(p[ihl]&15), which has an instruction of its own.
func (e *emitter) headerLength(ihl uint32) *expr {
	return e.intern(expr{op: opLsh, a: e.intern(expr{op: opLoad, size: 1, ipv4: true, k: ihl}), b: e.num(2)})
}

func (e *emitter) loadHeaderLength(ihl uint32) {
	if h := e.headerLength(ihl); e.x != h {
		e.op(ldxMSH, ihl)
		e.x = h
	}
}

// toA computes v; words of scratch memory below free are in use.
func (e *emitter) toA(v *expr, free uint32) {
	if e.a == v {
		return
	}
	switch v.op {
	case opConst:
		e.op(ldImm, v.k)
	case opLen:
		e.op(ldLen, 0)
	case opLoad:
		e.load(v, free)
	case opVar:
		e.op(ldMem, v.k)
	case opNeg:
		e.toA(v.a, free)
		e.op(neg, 0)
	default:
		if v.b.op == opConst {
			e.toA(v.a, free)
			e.op(aluCode[v.op], v.b.k)
			break
		}
		e.operands(v.a, v.b, free)
		e.op(aluCode[v.op]|withX, 0)
	}
	e.a = v
}

func (e *emitter) load(v *expr, free uint32) {
	switch {
	case v.a == nil && !v.ipv4:
		e.op(ldAbs|sizeCode[v.size], v.k)
		return
	case v.a == nil:
		e.loadHeaderLength(v.ihl)
	case v.ipv4:
		e.toA(v.a, free)
		e.loadHeaderLength(v.ihl)
		e.op(addX, 0)
		e.op(tax, 0)
		e.x = nil
	case v.a.op == opVar && e.x != v.a:
		e.op(ldxMem, v.a.k)
		e.x = v.a
	case e.x != v.a:
		e.toA(v.a, free)
		e.op(tax, 0)
		e.x = v.a
	}
	e.op(ldInd|sizeCode[v.size], v.k)
}

// operands computes l to A and r to X. Scratch memory is only used where l
// needs X itself; what takes more of it is then computed first.
func (e *emitter) operands(l, r *expr, free uint32) {
	switch {
	case r.op == opConst:
		e.toA(l, free)
		e.op(ldxImm, r.k)
	case !l.usesX:
		e.toA(r, free)
		e.op(tax, 0)
		e.toA(l, free)
	case free >= e.words:
		fail(0, "", "limit.open", "n", e.words)
	case rightFirst(l, r) <= leftFirst(l, r):
		e.toA(r, free)
		e.op(st, free)
		e.toA(l, free+1)
		e.op(ldxMem, free)
	default:
		e.toA(l, free)
		e.op(st, free)
		e.toA(r, free+1)
		e.op(tax, 0)
		e.op(ldMem, free)
		e.a = l
	}
	e.x = r
}

// test writes what the block computes and compares, without the jump's
// distances. swap says that the ends have changed places.
func (e *emitter) test(c *compare) (swap bool) {
	code := map[rel]uint16{eq: jeq, gt: jgt, ge: jge}[c.rel]
	if c.r.op != opConst {
		e.operands(c.l, c.r, 0)
		e.op(code|withX, 0)
		return false
	}
	k := c.r.k
	if c.rel == eq && c.l.op == opAnd && c.l.b.op == opConst && e.a != c.l {
		if m := c.l.b.k; k == 0 || k == m && m&(m-1) == 0 {
			e.toA(c.l.a, 0)
			e.op(jset, m)
			return k == 0
		}
	}
	e.toA(c.l, 0)
	e.op(code, k)
	return false
}
