package capture

import (
	"golang.org/x/net/bpf"
)

// Options say what a live capture takes.
type Options struct {
	// Interface is an interface's name, "any" for all of them, or, where no
	// interface has such a name, an interface's index in decimal.
	Interface string
	// Snaplen is how many bytes of a packet are kept, at most; 0 stands for
	// MaxSnaplen.
	Snaplen int
	// Filter is a program for packets of the capture's link type, as tcpdump -ddd
	// gives it; no instructions mean every packet. It is in place before the
	// first packet can come.
	Filter []bpf.RawInstruction
	// Promiscuous asks for packets to other hosts too. It is not for "any".
	Promiscuous bool
	// Buffer is the kernel's room for packets that are waiting, in bytes; 0
	// stands for 2 MiB, which is tcpdump's default.
	Buffer int
	// Immediate asks for each packet within a few milliseconds. Otherwise it may
	// take some tens of them, which costs less where there is much traffic.
	Immediate bool
	// Socket makes the packet socket, if not nil, instead of socket(2): with it
	// a capture can look into a network namespace that is another process's. The
	// protocol it is given is 0, so that nothing is received before the filter is
	// there. The descriptor becomes the capture's own. It can be called twice.
	Socket func(domain, typ, proto int) (int, error)
}

// Stats are the counts of a live capture since it was opened.
type Stats struct {
	// Received counts the packets that the filter let pass, also those that were
	// then dropped.
	Received uint64
	// Dropped counts the packets lost because nobody read them in time.
	Dropped uint64
}

func (o *Options) fill() {
	if o.Snaplen <= 0 || o.Snaplen > MaxSnaplen {
		o.Snaplen = MaxSnaplen
	}
	if o.Buffer <= 0 {
		o.Buffer = 2 << 20
	}
}
