package check_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

// The documented capture is known, and what is not quite it is not taken for it.
func TestDocumentedCaptureIsKnown(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func([]capture.Packet) []capture.Packet
		known  bool
	}{
		{"itself", func(p []capture.Packet) []capture.Packet { return p }, true},
		{"without the earlier browser", func(p []capture.Packet) []capture.Packet { return p[scenario.EarlierCount:] }, true},
		{"one packet less", func(p []capture.Packet) []capture.Packet { return slices.Delete(p, 20, 21) }, false},
		{"another IP id", func(p []capture.Packet) []capture.Packet { p[20].Data[21]++; return p }, false},
		{"a microsecond later", func(p []capture.Packet) []capture.Packet { p[33].Time = p[33].Time.Add(time.Microsecond); return p }, false},
	} {
		packets, err := scenario.Packets(true)
		if err != nil {
			t.Fatal(err)
		}
		packets = tt.change(packets)
		var file bytes.Buffer
		if err := capture.WriteAll(&file, capture.FileHeader{LinkType: packets[0].LinkType}, packets); err != nil {
			t.Fatal(err)
		}
		r, err := check.File(t.Context(), &file, "f.pcap", steps.Task{Nick: scenario.Nick, Message: scenario.Message})
		if err != nil {
			t.Fatal(err)
		}
		known := slices.ContainsFunc(r.Notes, func(m catalogue.Message) bool { return m.Key() == "note.documented" })
		if known != tt.known {
			t.Errorf("%s: known is %v", tt.name, known)
		}
	}
}
