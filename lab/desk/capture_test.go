package desk

import (
	"io"
	"testing"

	pcap "chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// portsIn counts the packets of each port in a capture.
func portsIn(t *testing.T, r io.Reader) map[uint16]int {
	t.Helper()
	source, err := pcap.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint16]int{}
	for p, err := range pcap.All(source) {
		if err != nil {
			t.Fatal(err)
		}
		var s dissect.Segment
		if err := s.Decode(p); err != nil {
			t.Fatal(err)
		}
		seen[s.Src.Port()]++
		if s.Dst.Port() != s.Src.Port() {
			seen[s.Dst.Port()]++
		}
	}
	return seen
}
