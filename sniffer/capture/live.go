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
	// Filter chooses the packets; nil takes them all. It is asked when the link
	// type is known, and in place before the first packet can come.
	Filter func(LinkType) (Filter, error)
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
	// there. The descriptor becomes the capture's own. It is called twice where
	// only the first socket can tell that the capture has to be a cooked one.
	Socket func(domain, typ, proto int) (int, error)
}

// A Filter chooses packets. The zero Filter takes them all.
type Filter struct {
	// Program is for the socket (SO_ATTACH_FILTER, socket(7)): for packets as the
	// kernel has them, which with LinuxSLL and LinuxSLL2 begin at the network
	// layer. Without instructions Match is asked.
	Program []bpf.RawInstruction
	// Match reports whether a packet is wanted: its bytes from the link-layer
	// header on and its length on the wire. It is asked if the kernel does not take
	// Program, as when it is too long (net.core.optmem_max). nil: there is nothing
	// to put in Program's place.
	Match func(data []byte, length int) bool
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
