package filter

import (
	"encoding/binary"

	"golang.org/x/net/bpf"
)

// instruction is a bpf.RawInstruction with a code that a switch can jump by,
// and with its jumps as indices.
type instruction struct {
	code   uint8
	jt, jf uint16
	k      uint32
}

const (
	doRet uint8 = iota
	doLd4
	doLd2
	doLd1
	doInd4
	doInd2
	doInd1
	doMSH
	doImm
	doLen
	doMem
	doXImm
	doXMem
	doSt
	doTax
	doNeg
	doJump
	doEq
	doGt
	doGe
	doSet
	doEqX
	doGtX
	doGeX
	doALU  // doALU + op - opAdd: with K
	doALUX = doALU + uint8(opRsh-opAdd) + 1
)

var decoded = map[uint16]uint8{
	ret: doRet, ldAbs: doLd4, ldAbs | 0x08: doLd2, ldAbs | 0x10: doLd1,
	ldInd: doInd4, ldInd | 0x08: doInd2, ldInd | 0x10: doInd1, ldxMSH: doMSH,
	ldImm: doImm, ldLen: doLen, ldMem: doMem, ldxImm: doXImm, ldxMem: doXMem, st: doSt, tax: doTax, neg: doNeg,
	jump: doJump, jeq: doEq, jgt: doGt, jge: doGe, jset: doSet,
	jeq | withX: doEqX, jgt | withX: doGtX, jge | withX: doGeX,
}

func decode(raw []bpf.RawInstruction) []instruction {
	out := make([]instruction, len(raw))
	for i, r := range raw {
		c, ok := decoded[r.Op]
		for o := opAdd; !ok && o <= opRsh; o++ {
			switch r.Op {
			case aluCode[o]:
				c, ok = doALU+uint8(o-opAdd), true
			case aluCode[o] | withX:
				c, ok = doALUX+uint8(o-opAdd), true
			}
		}
		if !ok {
			panic("instruction without a meaning")
		}
		out[i] = instruction{code: c, jt: uint16(i + 1 + int(r.Jt)), jf: uint16(i + 1 + int(r.Jf)), k: r.K}
		if c == doJump {
			out[i].jt = uint16(i + 1 + int(r.K))
		}
	}
	return out
}

// Match reports whether the packet passes. data is what was captured of it,
// length its length on the wire; a field behind the end of data rejects it.
// Match may be called from several goroutines at once and allocates nothing.
func (p *Program) Match(data []byte, length int) bool {
	ins := p.ins
	var mem [words16]uint32
	var a, x uint32
	size := uint64(len(data))
	for pc := uint(0); pc < uint(len(ins)); {
		in := &ins[pc]
		pc++
		yes := false
		switch in.code {
		case doRet:
			return in.k != 0
		case doLd4:
			if uint64(in.k)+4 > size {
				return false
			}
			a = binary.BigEndian.Uint32(data[in.k:])
			continue
		case doLd2:
			if uint64(in.k)+2 > size {
				return false
			}
			a = uint32(binary.BigEndian.Uint16(data[in.k:]))
			continue
		case doLd1:
			if uint64(in.k) >= size {
				return false
			}
			a = uint32(data[in.k])
			continue
		case doInd4:
			at := uint64(in.k) + uint64(x)
			if at+4 > size {
				return false
			}
			a = binary.BigEndian.Uint32(data[at:])
			continue
		case doInd2:
			at := uint64(in.k) + uint64(x)
			if at+2 > size {
				return false
			}
			a = uint32(binary.BigEndian.Uint16(data[at:]))
			continue
		case doInd1:
			at := uint64(in.k) + uint64(x)
			if at >= size {
				return false
			}
			a = uint32(data[at])
			continue
		case doMSH:
			if uint64(in.k) >= size {
				return false
			}
			x = uint32(data[in.k]&15) * 4
			continue
		case doImm:
			a = in.k
			continue
		case doLen:
			a = uint32(length)
			continue
		case doMem:
			a = mem[in.k%words16]
			continue
		case doXImm:
			x = in.k
			continue
		case doXMem:
			x = mem[in.k%words16]
			continue
		case doSt:
			mem[in.k%words16] = a
			continue
		case doTax:
			x = a
			continue
		case doNeg:
			a = -a
			continue
		case doJump:
			yes = true
		case doEq:
			yes = a == in.k
		case doGt:
			yes = a > in.k
		case doGe:
			yes = a >= in.k
		case doSet:
			yes = a&in.k != 0
		case doEqX:
			yes = a == x
		case doGtX:
			yes = a > x
		case doGeX:
			yes = a >= x
		default:
			o, b := in.code-doALU, in.k
			if in.code >= doALUX {
				o, b = in.code-doALUX, x
			}
			var ok bool
			if a, ok = compute(opAdd+op(o), a, b); !ok {
				return false
			}
			continue
		}
		if yes {
			pc = uint(in.jt)
		} else {
			pc = uint(in.jf)
		}
	}
	return false
}
