package dissect

// Rule is a rule of RFC 6455 that a frame breaks.
type Rule uint8

// The rules. Behind a frame that breaks one of the first group the next one is
// read; behind the second group nobody knows where the next frame begins.
const (
	Unbroken Rule = iota

	Unmasked           // a client's frame is not masked (§5.1)
	MaskedByServer     // a server's frame is masked (§5.1)
	ReservedBits       // RSV1, RSV2 or RSV3, and no extension that uses it (§5.2)
	ReservedOpcode     // 3 to 7, 0xB to 0xF (§5.2)
	LongControl        // a control frame with more than 125 bytes (§5.5)
	FragmentedControl  // a control frame without FIN (§5.5)
	LengthNotShortest  // the length would fit into a shorter field (§5.2)
	StrayContinuation  // a continuation where no message has begun (§5.4)
	InterruptedMessage // a new message before the last one is complete (§5.4)
	NotUTF8            // a text message, or a close frame's reason (§8.1)
	ShortClose         // a close frame with half a status code (§5.5.1)
	BadCloseCode       // a status code that no close frame may carry (§7.4)

	LengthTooLarge // the length's highest bit is set (§5.2)
	NoHeader       // these bytes are no header, or the frame before is not that long (§5.2)
)

var rules = [...]struct{ name, section string }{
	Unbroken:           {"", ""},
	Unmasked:           {"unmasked", "5.1"},
	MaskedByServer:     {"masked-by-server", "5.1"},
	ReservedBits:       {"reserved-bits", "5.2"},
	ReservedOpcode:     {"reserved-opcode", "5.2"},
	LongControl:        {"long-control", "5.5"},
	FragmentedControl:  {"fragmented-control", "5.5"},
	LengthNotShortest:  {"length-not-shortest", "5.2"},
	StrayContinuation:  {"stray-continuation", "5.4"},
	InterruptedMessage: {"interrupted-message", "5.4"},
	NotUTF8:            {"not-utf8", "8.1"},
	ShortClose:         {"short-close", "5.5.1"},
	BadCloseCode:       {"bad-close-code", "7.4"},
	LengthTooLarge:     {"length-too-large", "5.2"},
	NoHeader:           {"no-header", "5.2"},
}

// Rules gives all rules that can be broken.
func Rules() []Rule {
	all := make([]Rule, len(rules)-1)
	for i := range all {
		all[i] = Rule(i + 1)
	}
	return all
}

// String gives the rule's name, as it stands in JSON: "unmasked".
func (r Rule) String() string { return rules[r].name }

// Section gives the section of RFC 6455 that the rule stands in: "5.1".
func (r Rule) Section() string { return rules[r].section }

// Ends tells whether no frame can be read behind one that breaks the rule.
func (r Rule) Ends() bool { return r >= LengthTooLarge }

// broken gives the first rule that a header as side sends it breaks, and how many
// rules that have nothing to do with each other it breaks. reserved are the
// reserved bits that no extension uses.
func (h *FrameHeader) broken(side Side, reserved uint8) (first Rule, n int) {
	if h.RSV == 0 && h.Masked == (side == Client) && h.Size == h.shortest() && h.Valid() {
		return Unbroken, 0 // nearly all
	}
	breaks := func(is bool, r Rule) {
		if is {
			n++
			if first == Unbroken {
				first = r
			}
		}
	}
	breaks(h.Length>>63 != 0, LengthTooLarge)
	breaks(side == Client && !h.Masked, Unmasked)
	breaks(side == Server && h.Masked, MaskedByServer)
	breaks(h.RSV&reserved != 0 || h.RSV&compressed&^reserved != 0 && reserved != 0 && !h.beginsMessage(), ReservedBits)
	switch {
	case h.Opcode > Binary && h.Opcode < Close || h.Opcode > Pong:
		breaks(true, ReservedOpcode)
	case h.Opcode.Control() && !h.Fin:
		breaks(true, FragmentedControl)
	case h.Opcode.Control() && h.Length > 125:
		breaks(true, LongControl)
	}
	breaks(h.Size != h.shortest(), LengthNotShortest)
	return first, n
}

// beginsMessage tells whether the frame is the first of a message: only there
// permessage-deflate sets RSV1 (RFC 7692 §6.1).
func (h *FrameHeader) beginsMessage() bool { return h.Opcode == Text || h.Opcode == Binary }

// compressed is the reserved bit that permessage-deflate uses (RFC 7692 §6).
const compressed = 4

// usedClose tells whether a close frame may carry a status code (RFC 6455 §7.4):
// one that is registered, or one that libraries and applications may choose.
func usedClose(code uint16) bool {
	switch {
	case code >= 1004 && code <= 1006, code >= 1015 && code < 3000:
		return false
	}
	return code >= 1000 && code < 5000
}
