package filter

import (
	"context"
	"net"
	"net/netip"
	"os"
	"testing"

	"chatlab/sniffer/capture"

	"golang.org/x/net/bpf"
)

// reference asks a condition directly, without jumps, registers or
// optimization. cut is true if a load behind the packet's end or a division by
// zero decided.
type reference struct {
	data   []byte
	length int
	cut    bool
}

func (r *reference) asks(c cond) bool {
	switch c := c.(type) {
	case constant:
		return bool(c)
	case *inverse:
		return !r.asks(c.c)
	case *series:
		v := r.asks(c.first)
		for _, j := range c.rest {
			if v == j.and {
				v = r.asks(j.c)
			}
		}
		return v
	}
	k := c.(*compare)
	return holds(k.rel, r.number(k.l), r.number(k.r))
}

func (r *reference) number(e *expr) uint32 {
	switch e.op {
	case opConst:
		return e.k
	case opLen:
		return uint32(r.length)
	case opNeg:
		return -r.number(e.a)
	case opVar:
		return r.number(e.a)
	case opBad:
		r.cut = true
		return 0
	case opLoad:
		index := uint32(0)
		if e.a != nil {
			index = r.number(e.a)
		}
		if e.ipv4 {
			index += uint32(r.bytes(uint64(e.ihl), 1)) & 15 * 4
		}
		return r.bytes(uint64(e.k)+uint64(index), uint64(e.size))
	}
	v, ok := compute(e.op, r.number(e.a), r.number(e.b))
	r.cut = r.cut || !ok
	return v
}

func (r *reference) bytes(off, size uint64) (v uint32) {
	if off+size > uint64(len(r.data)) {
		r.cut = true
		return 0
	}
	for _, b := range r.data[off : off+size] {
		v = v<<8 | uint32(b)
	}
	return v
}

// offline knows a few names and asks nobody.
type offline struct{}

func parseOffline(expr string) (*Expression, error) {
	return parseWith(expr, newNames(offline{}, os.DirFS("testdata")))
}

func compileOffline(expr string, lt capture.LinkType) (*Program, error) {
	e, err := parseOffline(expr)
	if err != nil {
		return nil, err
	}
	return e.Compile(context.Background(), lt)
}

// kernelOffline makes the program for a socket.
func kernelOffline(expr string, lt capture.LinkType) ([]bpf.RawInstruction, error) {
	e, err := parseOffline(expr)
	if err != nil {
		return nil, err
	}
	return e.compile(context.Background(), lt, true)
}

// checkProgram holds a program against the reference and against x/net/bpf's
// own machine, and looks at what the kernel would: lengths, jumps, the end.
func checkProgram(t *testing.T, expr string, lt capture.LinkType, packets []testPacket) {
	t.Helper()
	p, err := compileOffline(expr, lt)
	if err != nil {
		if e, ok := err.(*Error); ok && (e.Offset < 0 || e.Offset > len(expr)) {
			t.Fatalf("%q: the error points outside: %+v", expr, e)
		}
		return
	}
	raw := p.Raw()
	for i, r := range raw {
		k := uint64(0)
		if r.Op == jump {
			k = uint64(r.K)
		}
		if r.Op&7 == 5 && uint64(i)+1+max(uint64(r.Jt), uint64(r.Jf), k) >= uint64(len(raw)) {
			t.Fatalf("%q: instruction %d jumps out of the program", expr, i)
		}
	}
	if raw[len(raw)-1].Op != ret {
		t.Fatalf("%q: the program does not end in a return", expr)
	}
	var c cond = constant(true)
	x := exprs{}
	if e, _ := parseOffline(expr); e.tree != nil {
		c = newLowerer(t.Context(), lt, e.names, x).cond(e.tree)
	}
	ins, ok := bpf.Disassemble(raw)
	vm, err := bpf.NewVM(ins)
	if !ok || err != nil && len(raw) <= longestKernel {
		t.Fatalf("%q: x/net/bpf does not take the program: %v", expr, err)
	}
	for i, pkt := range packets {
		got := p.Match(pkt.data, pkt.length)
		r := &reference{data: pkt.data, length: pkt.length}
		for _, e := range x {
			if e.op == opVar {
				r.number(e.a) // a program computes it first, whether it is asked for or not
			}
		}
		if want := r.asks(c); !r.cut && got != want {
			t.Fatalf("%q: packet %d: %v, by the tree %v: %x", expr, i, got, want, pkt.data)
		}
		if vm != nil && pkt.length == len(pkt.data) {
			if n, err := vm.Run(pkt.data); err == nil && got != (n != 0) {
				t.Fatalf("%q: packet %d: %v, x/net/bpf says %d", expr, i, got, n)
			}
		}
	}
}

func (offline) LookupPort(_ context.Context, network, service string) (int, error) {
	switch network + " " + service {
	case "tcp http":
		return 80, nil
	case "tcp domain", "udp domain":
		return 53, nil
	case "udp tftp":
		return 69, nil
	}
	return 0, &net.DNSError{Err: "unknown port", Name: service, IsNotFound: true}
}

func (offline) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if host == "both" {
		return []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("2001:db8::1")}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}
