package filter

// expr is a number that the program computes. Equal numbers are one *expr (see
// exprs), so that a pointer tells whether a register already holds it.
type expr struct {
	op   op
	size uint8  // of opLoad: 1, 2 or 4 bytes, big-endian
	ipv4 bool   // of opLoad: the length of the IPv4 header at ihl is added
	ihl  uint32 // of opLoad with ipv4
	k    uint32 // of opConst: the number; of opLoad: the offset; of opVar: its word
	a, b *expr  // operands; of opLoad: a is added to the offset; of opVar: a is its value

	// What follows from the rest; see derive.
	bad   bool  // a part is opBad
	fails bool  // computing it can reject the packet
	usesX bool  // computing it takes the X register
	words uint8 // of scratch memory that computing it takes, 255 for too many
}

type op uint8

const (
	opConst op = iota
	opLen      // length on the wire
	opLoad
	opBad // a load that no packet can satisfy
	opVar // a number that is computed where the program begins and kept in scratch memory
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opAnd
	opOr
	opXor
	opLsh
	opRsh
	opNeg
)

var opOf = map[string]op{"+": opAdd, "-": opSub, "*": opMul, "/": opDiv, "%": opMod,
	"&": opAnd, "|": opOr, "^": opXor, "<<": opLsh, ">>": opRsh}

// exprs makes expressions, each once.
type exprs map[expr]*expr

func (x exprs) intern(e expr) *expr {
	e.derive()
	if old, ok := x[e]; ok {
		return old
	}
	x[e] = &e
	return &e
}

func (e *expr) derive() {
	if e.op == opVar {
		return // whatever computing it takes is over when it is used
	}
	e.bad = e.op == opBad
	e.fails = e.op == opLoad || e.op == opDiv || e.op == opMod
	e.usesX = e.op == opLoad && (e.ipv4 || e.a != nil)
	for _, part := range []*expr{e.a, e.b} {
		if part != nil {
			e.bad = e.bad || part.bad
			e.fails = e.fails || part.fails
			e.usesX = e.usesX || part.usesX
			e.words = max(e.words, part.words)
		}
	}
	if e.b != nil && e.b.op != opConst {
		e.usesX = true
		e.words = wordsFor(e.a, e.b)
	}
}

// wordsFor is the scratch memory that two operands take, one in A and one in X.
func wordsFor(l, r *expr) uint8 {
	if !l.usesX {
		return r.words
	}
	return min(rightFirst(l, r), leftFirst(l, r))
}

func rightFirst(l, r *expr) uint8 { return max(r.words, l.words+min(1, 255-l.words)) }
func leftFirst(l, r *expr) uint8  { return max(l.words, r.words+min(1, 255-r.words)) }

func (x exprs) num(k uint32) *expr { return x.intern(expr{op: opConst, k: k}) }

// highest is the last offset a program may name: above lie the kernel's
// ancillary data, which no packet offset may reach by accident.
const highest = 1<<31 - 1

// load adds k to the index as libpcap's optimizer does, modulo 2³²: ip[-2:2]
// is the Ethernet type.
func (x exprs) load(size uint8, base uint32, index *expr) *expr {
	e := expr{op: opLoad, size: size, k: base, a: index}
	if index != nil && index.op == opConst {
		e.k, e.a = base+index.k, nil
	}
	if e.k > highest {
		e = expr{op: opBad}
	}
	return x.intern(e)
}

func (x exprs) neg(a *expr) *expr {
	if a.op == opConst {
		return x.num(-a.k)
	}
	return x.intern(expr{op: opNeg, a: a})
}

// bin gives nil for a division by the constant zero and for a shift by a
// constant of more than 31 bits.
func (x exprs) bin(o op, a, b *expr) *expr {
	if b.op == opConst {
		switch k := b.k; {
		case k == 0 && (o == opDiv || o == opMod), k > 31 && (o == opLsh || o == opRsh):
			return nil
		case a.op == opConst:
			v, _ := compute(o, a.k, k)
			return x.num(v)
		case k == 0 && (o == opMul || o == opAnd):
			return x.num(0)
		case k == 0, k == 1 && (o == opMul || o == opDiv):
			return a
		}
	}
	return x.intern(expr{op: o, a: a, b: b})
}

// compute is the arithmetic of a BPF machine: unsigned, 32 bits. ok is false for
// a division by zero.
func compute(o op, a, b uint32) (v uint32, ok bool) {
	switch o {
	case opAdd:
		return a + b, true
	case opSub:
		return a - b, true
	case opMul:
		return a * b, true
	case opDiv:
		if b == 0 {
			return 0, false
		}
		return a / b, true
	case opMod:
		if b == 0 {
			return 0, false
		}
		return a % b, true
	case opAnd:
		return a & b, true
	case opOr:
		return a | b, true
	case opXor:
		return a ^ b, true
	case opLsh:
		return a << b, true
	}
	return a >> b, true
}
