package capture

import (
	"slices"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// bpfRet is the code of "ret #k" (linux/bpf_common.h).
const bpfRet = 0x06

// nothing is a filter that lets nothing through.
var nothing = []bpf.RawInstruction{{Op: bpfRet}}

// attach puts the filter in place.
func (l *Live) attach(fd int) error {
	var f Filter
	if l.opt.Filter != nil {
		var err error
		if f, err = l.opt.Filter(l.link); err != nil {
			return err
		}
	}
	// The header that a cooked capture puts before a packet counts as well.
	keep := uint32(max(l.opt.Snaplen-l.headerLen(), 1))
	var err error
	if len(f.Program) > 0 {
		if err = setFilter(fd, cutTo(keep, f.Program)); err == nil {
			return nil
		}
	}
	if f.Match != nil {
		// What it asks for may lie behind what is kept.
		l.match, keep = f.Match, MaxSnaplen
	}
	if l.match != nil || err == nil {
		err = setFilter(fd, []bpf.RawInstruction{{Op: bpfRet, K: keep}})
	}
	if err != nil {
		return failed(l.opt.Interface, "SO_ATTACH_FILTER", err)
	}
	return nil
}

// cutTo makes a program keep n bytes of a packet, at most.
func cutTo(n uint32, program []bpf.RawInstruction) []bpf.RawInstruction {
	program = slices.Clone(program)
	for i := range program {
		if program[i].Op == bpfRet {
			program[i].K = min(program[i].K, n)
		}
	}
	return program
}

func setFilter(fd int, prog []bpf.RawInstruction) error {
	insns := make([]unix.SockFilter, len(prog))
	for i, in := range prog {
		insns[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(insns)), Filter: unsafe.SliceData(insns)})
}
