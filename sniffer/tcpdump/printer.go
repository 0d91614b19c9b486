// Package tcpdump prints packets as tcpdump 4.99 does: the same text, byte for
// byte, for TCP over IPv4 and IPv6 and for what carries it, and for the small
// protocols beside it. What tcpdump decodes and this package does not is told
// in one short line, never guessed.
//
// Each function follows the file of tcpdump's source that its comment names;
// the names of protocols in truncation marks ("[|tcp]") are tcpdump's.
package tcpdump

import (
	"io"
	"time"

	"chatlab/sniffer/capture"
)

// TimeFormat says how a packet's time is printed; its values count tcpdump's
// -t flags.
type TimeFormat int

// The time formats of tcpdump's -t to -ttttt.
const (
	TimeOfDay      TimeFormat = iota // 17:50:00.523910
	TimeNone                         // -t
	TimeUnix                         // -tt: seconds since 1970
	TimeSincePrev                    // -ttt: since the packet printed before
	TimeDate                         // -tttt: date and time of day
	TimeSinceFirst                   // -ttttt: since the first packet printed
)

// Options are tcpdump's flags. The zero value prints as tcpdump without flags
// would if no address had a name.
type Options struct {
	Numeric  int  // -n: 1 or more, addresses and ports are not made names
	NoDomain bool // -N: host names are cut at the first dot
	Quiet    int  // -q: less of the protocol
	Verbose  int  // -v, -vv, -vvv
	Link     bool // -e: the link-layer header too
	Absolute bool // -S: sequence numbers as they are on the wire
	Number   bool // -#: the packet's number first
	ASCII    int  // -A: 1; -AA, with the link-layer header: 2
	Hex      int  // -x: 1; -xx: 2
	HexASCII int  // -X: 1; -XX: 2

	NoChecksums bool   // -K: checksums are not looked at
	Secret      string // -M: shared secret of TCP-MD5 signatures (RFC 2385)

	Time     TimeFormat
	Nano     bool           // nine digits of a second, not six
	Location *time.Location // for TimeOfDay and TimeDate; nil is UTC

	// RawCR has -A write a carriage return as it is. tcpdump did until 2014;
	// it writes a dot since, or nothing before a line feed.
	RawCR bool

	// Names makes names of addresses and ports unless Numeric is set.
	// nil leaves them numbers.
	Names Names
	// InterfaceName gives the name of the interface with an index, for
	// LINUX_SLL2 headers; "" if there is none. nil knows no interface.
	InterfaceName func(index uint32) string

	// LineBuffered flushes after every packet (-l).
	LineBuffered bool
}

// flushSize is how many bytes are gathered before they are written.
const flushSize = 64 << 10

// maxSnaplen is the largest length that tcpdump believes (MAXIMUM_SNAPLEN in
// netdissect.h).
const maxSnaplen = 262144

// A Printer writes packets as text. It keeps what the text of a packet takes
// from those before it: where each conversation's sequence numbers started, the
// time of the packet before, the number. It is not safe for concurrent use.
type Printer struct {
	w      io.Writer
	f      formatter
	number uint32
	err    error
}

// NewPrinter returns a Printer that writes to w.
func NewPrinter(w io.Writer, o Options) *Printer {
	p := &Printer{w: w}
	p.f.init(o, newConversations())
	return p
}

// Print prints one packet. The text reaches the writer when 64 KiB have been
// gathered, at Flush, or at once with LineBuffered. An error is the writer's;
// after one nothing more is written.
func (p *Printer) Print(pkt *capture.Packet) error {
	if p.err != nil {
		return p.err
	}
	p.number++
	p.f.packet(pkt, p.number)
	if p.f.opt.LineBuffered || len(p.f.out) >= flushSize {
		return p.Flush()
	}
	return nil
}

// Flush writes what has been gathered.
func (p *Printer) Flush() error {
	if p.err == nil && len(p.f.out) > 0 {
		_, p.err = p.w.Write(p.f.out)
	}
	p.f.out = p.f.out[:0]
	return p.err
}
