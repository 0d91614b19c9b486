package class

import (
	"sync"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// What the lab itself plays is alike for everybody, and nobody's work: `lab run`
// and a step that the guide did for a student send the scenario's keys from the
// scenario's ports, `lab replay` gives the documented packets themselves.

// scripted are the keys that the lab's browsers send.
var scripted = sync.OnceValue(func() (s struct {
	keys  map[string]bool // Sec-WebSocket-Key
	masks map[[4]byte]bool
}) {
	// The key of RFC 6455 §1.3, which other scripts like too.
	s.keys, s.masks = map[string]bool{"dGhlIHNhbXBsZSBub25jZQ==": true}, map[[4]byte]bool{{}: true}
	for _, segment := range scenario.Documented() {
		if key := header(segment.Payload, "sec-websocket-key:"); key != "" {
			s.keys[key] = true
		}
		if h := dissect.ParseFrameHeader(segment.Payload); h.Valid() && h.Masked {
			s.masks[h.Key] = true
		}
	}
	return s
})

// documented is what `lab replay` writes.
var documented = sync.OnceValue(func() *fingerprint {
	packets, err := scenario.Packets(true)
	if err != nil {
		panic("class: the documented packets: " + err.Error()) // they are embedded
	}
	f := &fingerprint{}
	for i := range packets {
		f.add(&packets[i])
	}
	return f
})

// replayed tells whether the packets are the documented ones.
func (f *fingerprint) replayed() bool { return len(f.packets) > 0 && f.within(documented()) }
