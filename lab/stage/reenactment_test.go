package stage

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// packet builds a packet between two ports, as a stack sends it: its id is 0, the
// echo of its timestamp 7.
func packet(from, to uint16, flags header.TCPFlags, data string) []byte {
	options := make([]byte, 20)
	n := header.EncodeMSSOption(16396, options)
	n += header.EncodeSACKPermittedOption(options[n:])
	n += header.EncodeTSOption(28679666, 7, options[n:])
	n += header.EncodeNOP(options[n:])
	header.EncodeWSOption(7, options[n:])
	b := make([]byte, header.IPv4MinimumSize+header.TCPMinimumSize+len(options)+len(data))
	loopback := tcpip.AddrFrom4(loopbackAddress)
	ip := header.IPv4(b)
	ip.Encode(&header.IPv4Fields{
		TotalLength: uint16(len(b)), TTL: 64, Flags: header.IPv4FlagDontFragment, Protocol: uint8(header.TCPProtocolNumber),
		SrcAddr: loopback, DstAddr: loopback,
	})
	ip.SetChecksum(^ip.CalculateChecksum())
	tcp := header.TCP(ip.Payload())
	tcp.Encode(&header.TCPFields{
		SrcPort: from, DstPort: to, Flags: flags, WindowSize: 32768, DataOffset: uint8(header.TCPMinimumSize + len(options)),
	})
	copy(tcp.Options(), options)
	copy(tcp.Payload(), data)
	return b
}

// ecrOffset is where the packets' echoes begin: behind the headers, mss, sackOK, the
// timestamp's kind, length and value.
const ecrOffset = header.IPv4MinimumSize + header.TCPMinimumSize + 4 + 2 + 2 + 4

const (
	synack = header.TCPFlagSyn | header.TCPFlagAck
	push   = header.TCPFlagPsh | header.TCPFlagAck
)

func newReenactment(t *testing.T, segments ...Recorded) *reenactment {
	t.Helper()
	c := newVirtualClock(clockStart)
	t.Cleanup(c.carrier.end)
	for i := range segments {
		segments[i].Time = clockStart.Add(time.Duration(i) * time.Second)
	}
	return &reenactment{Recording: Recording{Segments: segments}, clock: c}
}

// In a packet that was recorded the link sets the id, with its header's checksum, and
// in a SYN the echo, and nothing else. Others it leaves alone.
func TestReenactmentSetsWhatNoStackComputes(t *testing.T) {
	r := newReenactment(t,
		Recorded{From: 60653, To: 7272, ID: 62568, SYNEcr: 28679554},
		Recorded{From: 7272, To: 60653, ID: 0xffff},
		Recorded{From: 60653, To: 7272, ID: 62569, Data: true},
	)
	for _, tt := range []struct {
		name string
		b    []byte
		id   uint16 // 0: nothing is set
		ecr  uint32
	}{
		{"foreign ports", packet(60584, 7272, header.TCPFlagSyn, ""), 0, 7},
		{"against the recorded direction", packet(7272, 60653, header.TCPFlagAck, ""), 0, 7},
		{"no TCP", []byte("text"), 0, 7},
		{"the SYN", packet(60653, 7272, header.TCPFlagSyn, ""), 62568, 28679554},
		{"no more than recorded", packet(60653, 7272, header.TCPFlagAck, ""), 0, 7},
		{"the SYN-ACK", packet(7272, 60653, synack, ""), 0xffff, 7},
		{"data", packet(60653, 7272, push, "text"), 62569, 7},
		{"after the last", packet(60653, 7272, push, "text"), 0, 7},
	} {
		want := bytes.Clone(tt.b)
		if tt.id != 0 {
			ip := header.IPv4(want)
			ip.SetID(tt.id)
			ip.SetChecksum(0)
			ip.SetChecksum(^ip.CalculateChecksum())
			binary.BigEndian.PutUint32(want[ecrOffset:], tt.ecr)
		}
		r.captured(tt.b)
		if !bytes.Equal(tt.b, want) {
			t.Errorf("%s: it is\n% x, want\n% x", tt.name, tt.b, want)
		}
		if tt.id != 0 && !header.IPv4(tt.b).IsChecksumValid() {
			t.Errorf("%s: its checksum is wrong", tt.name)
		}
	}
}

// The clock moves to the recorded moments: when data is written, and when TCP answers
// what is delivered; and by nothing that was not recorded.
func TestReenactmentMovesTheClock(t *testing.T) {
	r := newReenactment(t,
		Recorded{From: 60653, To: 7272},
		Recorded{From: 7272, To: 60653},
		Recorded{From: 60653, To: 7272, Data: true},
		Recorded{From: 7272, To: 60653, Data: true},
	)
	client, server := flow{60653, 7272}, flow{7272, 60653}
	is := func(what string, want time.Duration) {
		t.Helper()
		if got := r.clock.Now().Sub(clockStart); got != want {
			t.Errorf("%s: the clock is at %v, want %v", what, got, want)
		}
	}
	syn, question := packet(60653, 7272, header.TCPFlagSyn, ""), packet(60653, 7272, push, "text")
	r.captured(syn)
	r.write(client)
	r.write(server)
	is("what comes next carries no data", 0)
	r.deliver(packet(60584, 7272, header.TCPFlagSyn, ""))
	is("foreign", 0)
	r.deliver(syn)
	is("the SYN is answered", time.Second)
	r.captured(packet(7272, 60653, synack, ""))
	r.write(server)
	is("the other one writes", time.Second)
	r.write(client)
	is("data is written", 2*time.Second)
	r.captured(question)
	r.deliver(question)
	is("no TCP answers by itself", 2*time.Second)
	r.write(server)
	is("the answer is written", 3*time.Second)
	r.captured(packet(7272, 60653, push, "text"))
	r.write(client)
	r.deliver(question)
	is("all is over", 3*time.Second)
}

// The secrets are read in their order, as numbers in big endian; what is read besides
// is the same each time.
func TestSeedReader(t *testing.T) {
	read := func() (all []byte) {
		r := newSeedReader(&Seed{Sequence: 0x0102, Timestamp: 3})
		for _, size := range []int{8, secretSize, 4, secretSize, secretSize} {
			b := make([]byte, size)
			if n, err := r.Read(b); n != size || err != nil {
				t.Fatal(n, err)
			}
			all = append(all, b...)
		}
		return all
	}
	got := read()
	if !bytes.Equal(got, read()) {
		t.Error("another time it reads something else")
	}
	zeros := make([]byte, 14)
	if want := append(bytes.Clone(zeros), 1, 2); !bytes.Equal(got[8:24], want) {
		t.Errorf("the first secret is % x", got[8:24])
	}
	if want := append(bytes.Clone(zeros), 0, 3); !bytes.Equal(got[28:44], want) {
		t.Errorf("the second secret is % x", got[28:44])
	}
	if bytes.Equal(got[44:], got[28:44]) || bytes.Equal(got[44:], got[8:24]) {
		t.Error("there are more than two secrets")
	}
}
