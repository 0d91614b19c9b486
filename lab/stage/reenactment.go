package stage

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"sync"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"chatlab/sniffer/capture"
)

// Recording is what was captured once, of which a stack in user space is to send the
// same again. What it sends it computes itself, from secrets and a clock that give the
// recorded numbers; the recording gives the moments, and what no TCP computes from
// what it knows here.
type Recording struct {
	Stacks   []Seed
	Segments []Recorded // in their order
	// LinkType is that of the captures, LinkHeader what stands before each packet.
	LinkType   capture.LinkType
	LinkHeader []byte
}

// Seed is what a stack starts from that serves one client's connection. From it come
// the connection's initial sequence numbers and timestamps.
type Seed struct {
	Port uint16 // the client's
	// Sequence and Timestamp are the stack's two secrets, as numbers of 16 bytes, big
	// endian.
	Sequence, Timestamp uint64
	// At is when the stack's monotonic clock shows Clock. It goes Slower times slower
	// than the time of day.
	At     time.Time
	Clock  time.Duration
	Slower int
}

// seedReader is what a stack reads its secrets from, in the order in which it asks
// for them. What else it asks for is the same each time.
type seedReader struct {
	secrets []uint64
	other   *rand.ChaCha8
}

func newSeedReader(s *Seed) *seedReader {
	return &seedReader{[]uint64{s.Sequence, s.Timestamp}, rand.NewChaCha8([32]byte{})}
}

func (r *seedReader) Read(b []byte) (int, error) {
	if len(b) != secretSize || len(r.secrets) == 0 {
		return r.other.Read(b)
	}
	new(big.Int).SetUint64(r.secrets[0]).FillBytes(b)
	r.secrets = r.secrets[1:]
	return len(b), nil
}

// secretSize is the size of gVisor's secrets (transport/tcp/protocol.go), and of
// nothing else that a stack reads.
const secretSize = 16

// Recorded is a recorded segment.
type Recorded struct {
	Time     time.Time
	From, To uint16 // ports
	Data     bool   // it carries some
	// ID is the IPv4 header's. It counts the packets of a connection from a random
	// number on.
	ID uint16
	// SYNEcr is the timestamp echo of a SYN, which has nothing to echo: the link sets
	// it. Elsewhere it is the stack's own.
	SYNEcr uint32
}

// reenactment is how far a recording has been played again. A nil one is none.
type reenactment struct {
	Recording
	clock *virtualClock

	mu   sync.Mutex
	next int // of Segments
}

// peek gives the segment that is to come, or nil.
func (r *reenactment) peek() *Recorded {
	if r.next == len(r.Segments) {
		return nil
	}
	return &r.Segments[r.next]
}

// write is called before data is written: the clock moves to when that was sent.
func (r *reenactment) write(f flow) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.peek(); s != nil && s.Data && f == (flow{s.From, s.To}) {
		r.clock.set(s.Time)
	}
}

// deliver is called before a segment is delivered: if TCP itself answers, the clock
// moves to when it did.
func (r *reenactment) deliver(b []byte) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := parseSegment(b)
	if s := r.peek(); ok && s != nil && !s.Data && p.reverse() == (flow{s.From, s.To}) {
		r.clock.set(s.Time)
	}
}

// captured is called before a packet is captured, and sets in it what the link sets.
// What was not recorded it leaves alone.
func (r *reenactment) captured(b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := parseSegment(b)
	s := r.peek()
	if !ok || s == nil || p.flow != (flow{s.From, s.To}) {
		return
	}
	r.next++
	ip := header.IPv4(b)
	ip.SetID(s.ID)
	ip.SetChecksum(0)
	ip.SetChecksum(^ip.CalculateChecksum())
	if p.flags == header.TCPFlagSyn {
		options := header.TCP(ip.Payload()).Options()
		if i := bytes.Index(options, []byte{header.TCPOptionTS, header.TCPOptionTSLength}); i >= 0 {
			binary.BigEndian.PutUint32(options[i+6:], s.SYNEcr)
		}
	}
}
