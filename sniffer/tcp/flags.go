// Package tcp has the facts of TCP's header: its control bits, its options, and
// how sequence numbers are compared (RFC 9293 §3.1, §3.4).
package tcp

// MinHeader is the size of a header without options, in bytes.
const MinHeader = 20

// Flags are the control bits.
type Flags uint8

// The control bits.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// Letters are what tcpdump prints for each control bit, the lowest first.
const Letters = "FSRP.UEW"

// String gives the flags as tcpdump prints them: "S", "S.", "P.", "none".
func (f Flags) String() string {
	b := make([]byte, 0, len(Letters))
	for i := range Letters {
		if f&(1<<i) != 0 {
			b = append(b, Letters[i])
		}
	}
	if len(b) == 0 {
		return "none"
	}
	return string(b)
}
