package class

import (
	"sync"

	"chatlab/lab/check/evidence"
	"chatlab/lab/scenario"
)

// What the lab itself plays is alike for everybody, and nobody's work. Whatever the
// stage, `lab run`, `lab fault` and a step that the guide did for a student send the
// scenario's bytes, with its Sec-WebSocket-Key and its masking keys; `lab replay` gives
// the documented packets themselves.

// played is by what the lab's packets are known.
type played struct {
	keys    map[string]bool  // Sec-WebSocket-Key
	masks   map[[4]byte]bool // masking keys
	packets map[trait]bool   // of the documented capture
}

var scripted = sync.OnceValue(func() played {
	p := played{keys: map[string]bool{}, masks: map[[4]byte]bool{}, packets: map[trait]bool{}}
	documented, err := scenario.Packets(true)
	if err != nil {
		panic("class: the documented packets: " + err.Error())
	}
	var c evidence.Capture
	for i := range documented {
		c.Add(&documented[i])
	}
	for _, t := range c.Conversations {
		p.keys[t.Key] = t.Key != ""
		for _, packet := range t.Packets {
			p.packets[traitOf(packet)] = true
		}
		for _, key := range maskingKeys(t) {
			p.masks[key] = true
		}
	}
	return p
})

// isPlayed tells whether the lab played a conversation: by its handshake's key, or
// where that was not captured, or is an example, by its masking keys, or by its packets
// where none of these were.
func isPlayed(t *evidence.Conversation) bool {
	if t.Key != "" && !isExampleKey(t.Key) {
		return scripted().keys[t.Key]
	}
	if masks := maskingKeys(t); len(masks) > 0 {
		return !unplayed(masks, scripted().masks)
	}
	traits := make([]trait, len(t.Packets))
	for i, p := range t.Packets {
		traits[i] = traitOf(p)
	}
	return len(traits) > 0 && !unplayed(traits, scripted().packets)
}

// unplayed tells whether one of all is not of the lab.
func unplayed[T comparable](all []T, labs map[T]bool) bool {
	for _, one := range all {
		if !labs[one] {
			return true
		}
	}
	return false
}
