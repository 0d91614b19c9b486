package filter

// node is a condition: what a packet is asked.
type node interface{}

// chain is a row of conditions. "and" and "or" bind equally strongly, from the
// left: a or b and c is (a or b) and c.
type chain struct {
	first node
	rest  []link
}

type link struct {
	and bool
	n   node
}

type negation struct{ n node }

// quals are the qualifiers of a value. A value without any takes those of the
// value before it: port 80 or 443.
type quals struct {
	proto string // "" if none
	dir   dir
	typ   string // "", host, net, port, portrange, proto
	none  bool   // nothing stands before that could be shared
}

type dir uint8

const (
	either dir = iota // not given, or "src or dst"
	srcOnly
	dstOnly
	both // "src and dst"
)

// value is a qualified value: tcp src port 80.
type value struct {
	q    quals
	t    token
	mask token // of "net 10.0.0.0 mask 255.0.0.0", else kind end
	bits token // of "net 10.0.0.0/8", else kind end
}

// abbrev is a protocol's name alone.
type abbrev struct {
	proto string
	t     token
}

// simple is one of the primitives that stand for themselves: broadcast, vlan, …
type simple struct {
	what  string
	proto string // before broadcast and multicast
	t     token
	has   bool // whether a number follows
	num   uint32
	numAt token
}

// byteTest is the old "byte N = N".
type byteTest struct {
	off, k uint32
	op     string
}

type relation struct {
	op   string
	l, r arith
	t    token
}

// arith is a number computed from the packet.
type arith interface{}

type (
	literal   struct{ v uint32 }
	pktLen    struct{}
	negative  struct{ a arith }
	operation struct {
		op   string
		l, r arith
		t    token
	}
	load struct {
		proto string
		index arith
		size  uint32
		t     token
		sizeT token
	}
)
