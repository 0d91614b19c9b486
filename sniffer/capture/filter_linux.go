package capture

import (
	"fmt"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Where a kernel filter finds what is not in the packet (linux/filter.h).
const (
	skfAdOff      = 0xfffff000 // SKF_AD_OFF, -0x1000
	skfAdProtocol = skfAdOff + 0
	skfAdPktType  = skfAdOff + 4
	skfAdIfIndex  = skfAdOff + 8
	skfAdHaType   = skfAdOff + 28
)

// The parts of an instruction's code (linux/bpf_common.h).
const (
	bpfClass = 0x07
	bpfLd    = 0x00
	bpfLdx   = 0x01
	bpfRet   = 0x06
	bpfMode  = 0xe0
	bpfAbs   = 0x20
	bpfInd   = 0x40
	bpfMsh   = 0xa0
	bpfRval  = 0x18
)

// nothing is a filter that lets nothing through.
var nothing = []bpf.RawInstruction{{Op: bpfRet}}

// attach puts the filter in place and throws away what came before it.
func (l *Live) attach(fd int) error {
	// A socket of protocol 0 has received nothing, but an injected one may have:
	// first a filter that lets nothing through, then empty the queue (libpcap's
	// set_kernel_filter).
	if err := setFilter(fd, nothing); err != nil {
		return fmt.Errorf("%s: cannot attach a filter: %w", l.opt.Interface, err)
	}
	for one := make([]byte, 1); ; {
		if _, _, err := unix.Recvfrom(fd, one, unix.MSG_DONTWAIT|unix.MSG_TRUNC); err == unix.EINTR {
			continue
		} else if err != nil {
			break
		}
	}
	all := []bpf.RawInstruction{{Op: bpfRet, K: l.kernelSnaplen()}}
	if len(l.opt.Filter) == 0 {
		return l.setOrFail(fd, all)
	}
	if prog, ok := l.kernelProgram(); ok && setFilter(fd, prog) == nil {
		return nil
	}
	// The kernel cannot run it: it gives everything, and we choose.
	insns, known := bpf.Disassemble(l.opt.Filter)
	vm, err := bpf.NewVM(insns)
	if !known || err != nil {
		return fmt.Errorf("%s: the filter is no valid program: %v", l.opt.Interface, err)
	}
	l.verify = vm
	return l.setOrFail(fd, all)
}

func (l *Live) setOrFail(fd int, prog []bpf.RawInstruction) error {
	if err := setFilter(fd, prog); err != nil {
		return fmt.Errorf("%s: cannot attach a filter: %w", l.opt.Interface, err)
	}
	return nil
}

// kernelSnaplen is how many bytes of a packet the kernel needs to keep, without
// the header that we put before it.
func (l *Live) kernelSnaplen() uint32 {
	return uint32(max(l.opt.Snaplen-l.headerLen(), 1))
}

// kernelProgram makes the filter one for the packets as the socket has them:
// in a cooked capture they begin behind the link-layer header, whose fields
// are elsewhere (libpcap's fix_program). It reports whether that can be done.
func (l *Live) kernelProgram() ([]bpf.RawInstruction, bool) {
	prog := append([]bpf.RawInstruction(nil), l.opt.Filter...)
	for i := range prog {
		in := &prog[i]
		switch in.Op & bpfClass {
		case bpfLd, bpfLdx:
			mode := in.Op & bpfMode
			if mode != bpfAbs && mode != bpfInd && mode != bpfMsh {
				continue
			}
			k, ok := l.kernelOffset(in.K, mode)
			if !ok {
				return nil, false
			}
			in.K = k
		case bpfRet:
			if in.Op&bpfRval == 0 && in.K != 0 {
				in.K = min(in.K, l.kernelSnaplen())
			}
		}
	}
	return prog, true
}

func (l *Live) kernelOffset(k uint32, mode uint16) (uint32, bool) {
	n := uint32(l.headerLen())
	if n == 0 || int32(k) < 0 { // nothing made up, or an ancillary load already
		return k, true
	}
	if k >= n {
		return k - n, true
	}
	if mode != bpfAbs {
		return 0, false
	}
	switch {
	case l.link == LinuxSLL && k == 0, l.link == LinuxSLL2 && k == 10:
		return skfAdPktType, true
	case l.link == LinuxSLL && k == 2, l.link == LinuxSLL2 && k == 8:
		return skfAdHaType, true
	case l.link == LinuxSLL && k == 14, l.link == LinuxSLL2 && k == 0:
		return skfAdProtocol, true
	case l.link == LinuxSLL2 && k == 4:
		return skfAdIfIndex, true
	}
	return 0, false
}

func setFilter(fd int, prog []bpf.RawInstruction) error {
	insns := make([]unix.SockFilter, len(prog))
	for i, in := range prog {
		insns[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(insns)), Filter: unsafe.SliceData(insns)})
}
