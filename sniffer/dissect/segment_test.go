package dissect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// Why a packet is no segment is told apart.
func TestDecodeTellsWhyNot(t *testing.T) {
	ip := rawSegment([4]byte{10, 0, 0, 2}, 1, []byte("data")).Data
	ip6 := func(next byte, more ...byte) []byte {
		b := append(make([]byte, 40), more...)
		b[0], b[6] = 0x60, next
		binary.BigEndian.PutUint16(b[4:], uint16(len(more)))
		return b
	}
	with := func(b []byte, at int, v ...byte) []byte {
		b = slices.Clone(b)
		copy(b[at:], v)
		return b
	}
	ethernet := func(typ uint16, b []byte) []byte {
		return append(binary.BigEndian.AppendUint16(make([]byte, 12), typ), b...)
	}
	for _, tt := range []struct {
		name string
		link capture.LinkType
		data []byte
		want error
	}{
		{"a segment", capture.Raw, ip, nil},
		{"a segment over IPv6", capture.Raw, ip6(6, ip[20:]...), nil},
		{"another link type", capture.LinkType(147), ip, ErrLinkType},
		{"nothing", capture.Raw, nil, ErrCut},
		{"ARP", capture.Ethernet, ethernet(0x0806, make([]byte, 28)), ErrNotIP},
		{"half an Ethernet header", capture.Ethernet, make([]byte, 13), ErrCut},
		{"an Ethernet header alone", capture.Ethernet, ethernet(0x0800, nil), ErrCut},
		{"another version", capture.Raw, with(ip, 0, 0x55), ErrNotIP},
		{"UDP", capture.Raw, with(ip, 9, 17), ErrNotTCP},
		{"UDP over IPv6", capture.Raw, ip6(17, make([]byte, 8)...), ErrNotTCP},
		{"a later fragment", capture.Raw, with(ip, 6, 0, 1), ErrFragment},
		{"a first fragment", capture.Raw, with(ip, 6, 0x20, 0), nil},
		{"a later fragment over IPv6", capture.Raw, ip6(44, 6, 0, 0, 8, 0, 0, 0, 1), ErrFragment},
		{"half an IP header", capture.Raw, ip[:19], ErrCut},
		{"half an IPv6 header", capture.Raw, ip6(6)[:39], ErrCut},
		{"half an extension header", capture.Raw, ip6(0, 6), ErrCut},
		{"half a TCP header", capture.Raw, ip[:39], ErrCut},
		{"half the TCP options", capture.Raw, with(ip, 32, 0xf0, byte(tcp.ACK), 0, 0, 0, 0, 0, 0), ErrMalformed},
		{"half the TCP options captured", capture.Raw, with(with(ip, 32, 0xf0), 2, 1, 0), ErrCut},
		{"an IP header of four bytes", capture.Raw, with(ip, 0, 0x41), ErrMalformed},
		{"a TCP header of four bytes", capture.Raw, with(ip, 32, 0x10), ErrMalformed},
		{"a datagram too short for TCP", capture.Raw, with(ip, 2, 0, 39), ErrMalformed},
	} {
		var s Segment
		if err := s.Decode(&capture.Packet{LinkType: tt.link, Data: tt.data, Length: len(tt.data)}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// A clone has its own bytes, without the link-layer header.
func TestClone(t *testing.T) {
	p := rawSegment([4]byte{10, 0, 0, 2}, 1, []byte("data"))
	raw := slices.Clone(p.Data)
	p.LinkType, p.Data = capture.Ethernet, append(append(make([]byte, 12), 8, 0), raw...)
	p.Length = len(p.Data) + 1
	p.Data = append(p.Data, 0) // the link layer's padding
	var s, again Segment
	if err := s.Decode(&p); err != nil {
		t.Fatal(err)
	}
	c := s.Clone()
	clear(p.Data)
	if err := again.Decode(c.Packet); err != nil {
		t.Fatal(err)
	}
	if c.Packet.LinkType != capture.Raw || c.Packet.Length != len(raw)+1 || !bytes.Equal(c.Packet.Data, append(raw, 0)) {
		t.Errorf("the packet is %+v", c.Packet)
	}
	if string(c.Payload) != "data" || c.Src != again.Src || c.Network != again.Network || c.Transport != again.Transport || c.Data != again.Data || len(c.Options) != len(again.Options) {
		t.Errorf("got %+v, decoded again %+v", c, again)
	}
}
