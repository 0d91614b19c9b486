package class

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"strings"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

const (
	// maxPackets bounds the packets of one capture that are compared with others'.
	maxPackets = 1 << 16
	// gaps is how many pauses in a row are compared as one.
	gaps = 3
	// alike is the part of two captures' pauses that must be equal, in percent,
	// and fewest how many there must be.
	alike, fewest = 40, 5
)

// sampleKey is the key in RFC 6455 §1.3, which scripted clients like.
const sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

// fingerprint is what makes a capture unlike any other.
type fingerprint struct {
	packets []print
	keys    map[netip.AddrPort]string // Sec-WebSocket-Key, by client
	masks   map[netip.AddrPort][][4]byte
}

// print is what is kept of a packet.
type print struct {
	time     time.Time
	src, dst netip.AddrPort
	seq      uint32
	flags    dissect.Flags
	id       uint16
	stamp    uint32 // TSval, or 0
}

func (f *fingerprint) add(p *capture.Packet) {
	var s dissect.Segment
	if len(f.packets) >= maxPackets || s.Decode(p) != nil {
		return
	}
	toServer := s.Dst.Port() == scenario.ServerPort
	if !toServer && s.Src.Port() != scenario.ServerPort {
		return
	}
	f.packets = append(f.packets, print{s.Time, s.Src, s.Dst, s.Seq, s.Flags, s.ID, stamp(s.Options)})
	if !toServer {
		return
	}
	if f.keys == nil {
		f.keys, f.masks = map[netip.AddrPort]string{}, map[netip.AddrPort][][4]byte{}
	}
	if key := header(s.Payload, "sec-websocket-key:"); key != "" && key != sampleKey {
		f.keys[s.Src] = key
	}
	if h := dissect.ParseFrameHeader(s.Payload); h.Valid() && h.Masked && h.Key != [4]byte{} {
		f.masks[s.Src] = append(f.masks[s.Src], h.Key)
	}
}

// header gives the value of a field in a request. The name is in lower case,
// with its colon.
func header(request []byte, name string) string {
	if len(request) < 4 || string(request[:4]) != "GET " {
		return ""
	}
	for line := range strings.SplitSeq(string(request), "\r\n") {
		if len(line) > len(name) && strings.EqualFold(line[:len(name)], name) {
			return strings.TrimSpace(line[len(name):])
		}
	}
	return ""
}

// stamp gives the TSval of the timestamp option (RFC 7323 §3.2), or 0.
func stamp(options []byte) uint32 {
	for b := options; len(b) > 1 && b[0] != 0; {
		if b[0] == 1 {
			b = b[1:]
			continue
		}
		if int(b[1]) < 2 || int(b[1]) > len(b) {
			return 0
		}
		if b[0] == 8 && b[1] == 10 {
			return binary.BigEndian.Uint32(b[2:])
		}
		b = b[b[1]:]
	}
	return 0
}

// sign is one thing that two captures may have in common and that two captures
// of one's own do not.
type sign struct {
	kind  Likeness
	value string
}

// signs gives the signs of a capture whose newcomer was client.
func (f *fingerprint) signs(client netip.AddrPort) []sign {
	var all []sign
	add := func(kind Likeness, parts ...uint32) {
		b := make([]byte, 0, 4*len(parts))
		for _, p := range parts {
			b = binary.BigEndian.AppendUint32(b, p)
		}
		all = append(all, sign{kind, string(b)})
	}
	if key := f.keys[client]; key != "" {
		all = append(all, sign{SameKey, key})
	}
	if masks := f.masks[client]; len(masks) > 1 {
		add(SameMasks, binary.BigEndian.Uint32(masks[0][:]), binary.BigEndian.Uint32(masks[1][:]))
	}
	var isn [2]uint32
	var ids []uint32
	known := 0
	stamped := false
	for i := range f.packets {
		p := &f.packets[i]
		if p.src != client && p.dst != client {
			continue
		}
		if p.flags&dissect.SYN != 0 && known < 2 {
			isn[min(known, 1)] = p.seq
			known++
		}
		if p.src == client {
			if p.id != 0 && len(ids) < 4 {
				ids = append(ids, uint32(p.id))
			}
			if p.stamp != 0 && !stamped {
				stamped = true
				add(SameStamps, p.stamp)
			}
		}
	}
	if known == 2 {
		add(SameNumbers, isn[0], isn[1])
	}
	if len(ids) == 4 {
		add(SameIDs, ids...)
	}
	if client.Port() != scenario.NewcomerPort {
		add(SamePorts, uint32(client.Port()))
	}
	return all
}

// pauses gives the runs of pauses between the packets of the chat. They do not
// change when all times are shifted.
func (f *fingerprint) pauses() map[uint64]bool {
	runs := map[uint64]bool{}
	for i := gaps; i < len(f.packets); i++ {
		h := fnv.New64a()
		var b [8]byte
		for j := i - gaps; j < i; j++ {
			pause := f.packets[j+1].time.Sub(f.packets[j].time) / time.Microsecond
			binary.BigEndian.PutUint64(b[:], uint64(pause))
			h.Write(b[:])
		}
		runs[h.Sum64()] = true
	}
	return runs
}
