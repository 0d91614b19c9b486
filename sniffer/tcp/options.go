package tcp

import (
	"encoding/binary"
	"errors"
	"iter"
	"strconv"
)

// OptionKind is the kind of an option, as IANA registers them ("TCP Option Kind
// Numbers").
type OptionKind uint8

// The kinds that tcpdump knows, with what describes them.
const (
	EndOfOptions       OptionKind = 0   // RFC 9293 §3.1
	NoOperation        OptionKind = 1   // RFC 9293 §3.1
	MaximumSegmentSize OptionKind = 2   // RFC 9293 §3.7.1
	WindowScale        OptionKind = 3   // RFC 7323 §2.2
	SACKPermitted      OptionKind = 4   // RFC 2018 §2
	SACK               OptionKind = 5   // RFC 2018 §3
	Echo               OptionKind = 6   // RFC 1072
	EchoReply          OptionKind = 7   // RFC 1072
	Timestamps         OptionKind = 8   // RFC 7323 §3.2
	CC                 OptionKind = 11  // RFC 1644
	CCNew              OptionKind = 12  // RFC 1644
	CCEcho             OptionKind = 13  // RFC 1644
	MD5Signature       OptionKind = 19  // RFC 2385
	SCPSCapabilities   OptionKind = 20  // CCSDS 714.0-B-2
	UserTimeout        OptionKind = 28  // RFC 5482
	Authentication     OptionKind = 29  // RFC 5925
	Multipath          OptionKind = 30  // RFC 8684 §3
	FastOpen           OptionKind = 34  // RFC 7413
	Experiment2        OptionKind = 254 // RFC 4727, RFC 6994
)

var optionNames = map[OptionKind]string{
	EndOfOptions: "eol", NoOperation: "nop", MaximumSegmentSize: "mss", WindowScale: "wscale",
	SACKPermitted: "sackOK", SACK: "sack", Echo: "echo", EchoReply: "echoreply", Timestamps: "TS",
	CC: "cc", CCNew: "ccnew", CCEcho: "", MD5Signature: "md5", SCPSCapabilities: "scps",
	UserTimeout: "uto", Authentication: "tcp-ao", Multipath: "mptcp", FastOpen: "tfo", Experiment2: "exp",
}

// allNames has the name of every kind.
var allNames = func() (names [256]string) {
	for i := range names {
		name, known := optionNames[OptionKind(i)]
		if !known {
			name = "unknown-" + strconv.Itoa(i)
		}
		names[i] = name
	}
	return names
}()

// String gives the name that tcpdump prints; CCEcho has none.
func (k OptionKind) String() string { return allNames[k] }

// Known tells whether tcpdump knows the kind.
func (k OptionKind) Known() bool {
	_, known := optionNames[k]
	return known
}

// Option is one option of a header.
type Option struct {
	Kind OptionKind
	// Size is the option's whole length in bytes, as it says itself: 1 for the two
	// kinds that are one byte, else at least 2.
	Size int
	// Data is what follows kind and length, as far as it was captured.
	Data []byte
}

// Why an option cannot be read.
var (
	ErrNoLength  = errors.New("a TCP option without a length")
	ErrBadLength = errors.New("a TCP option with an impossible length")
)

// ReadOption reads the first of the options that have left bytes in the header
// and begin with b, which is shorter where they were not captured whole. The error
// is ErrNoLength where b ends too early, or ErrBadLength.
func ReadOption(b []byte, left int) (o Option, err error) {
	if len(b) < 1 {
		return o, ErrNoLength
	}
	o.Kind, o.Size = OptionKind(b[0]), 1
	if o.Kind == EndOfOptions || o.Kind == NoOperation {
		return o, nil
	}
	if len(b) < 2 {
		return o, ErrNoLength
	}
	if b[1] < 2 || int(b[1]) > left {
		return o, ErrBadLength
	}
	o.Size = int(b[1])
	o.Data = b[2:min(o.Size, len(b))]
	return o, nil
}

// Options gives the options in b one after another, EndOfOptions the last. One
// that is malformed comes with an error, and ends them.
func Options(b []byte) iter.Seq2[Option, error] {
	return func(yield func(Option, error) bool) {
		for len(b) > 0 {
			o, err := ReadOption(b, len(b))
			if !yield(o, err) || err != nil || o.Kind == EndOfOptions {
				return
			}
			b = b[o.Size:]
		}
	}
}

// MaximumSegmentSize gives the value of that option, in bytes; ok is false for
// any other, and where its length is wrong.
func (o Option) MaximumSegmentSize() (size uint16, ok bool) {
	if o.Kind != MaximumSegmentSize || o.Size != 4 || len(o.Data) != 2 {
		return 0, false
	}
	return binary.BigEndian.Uint16(o.Data), true
}

// WindowScale gives the shift of that option, in bits; ok is false for any other,
// and where its length is wrong.
func (o Option) WindowScale() (shift uint8, ok bool) {
	if o.Kind != WindowScale || o.Size != 3 || len(o.Data) != 1 {
		return 0, false
	}
	return o.Data[0], true
}

// Timestamps gives TSval and TSecr of that option; ok is false for any other, and
// where its length is wrong.
func (o Option) Timestamps() (value, echo uint32, ok bool) {
	if o.Kind != Timestamps || o.Size != 10 || len(o.Data) != 8 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint32(o.Data), binary.BigEndian.Uint32(o.Data[4:]), true
}

// MaxWindowScale is the largest shift of a window; a larger one counts as this
// (RFC 7323 §2.3).
const MaxWindowScale = 14
