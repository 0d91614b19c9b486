// Package capturetest reads captures for tests.
package capturetest

import (
	"os"
	"slices"
	"testing"

	"chatlab/sniffer/capture"
)

// Read gives all packets of a file, each with bytes of its own.
func Read(t testing.TB, file string) (packets []capture.Packet) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	source, err := capture.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range capture.All(source) {
		if err != nil {
			t.Fatal(err)
		}
		own := *p
		own.Data = slices.Clone(p.Data)
		packets = append(packets, own)
	}
	return packets
}
