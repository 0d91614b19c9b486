package evidence

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"chatlab/sniffer/capture"
)

// A few kilobytes that stand for gigabytes are not read to their end.
func TestBomb(t *testing.T) {
	pack := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	var header bytes.Buffer
	if err := capture.WriteAll(&header, capture.FileHeader{LinkType: 1}, nil); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, 16+capture.MaxSnaplen)
	binary.LittleEndian.PutUint32(packet[8:], capture.MaxSnaplen)
	binary.LittleEndian.PutUint32(packet[12:], capture.MaxSnaplen)
	const packets = 4 * maxUnpacked / capture.MaxSnaplen
	bomb := append(pack(header.Bytes()), bytes.Repeat(pack(packet), packets)...)
	read := bytes.NewReader(bomb)
	c, err := File(t.Context(), read, "bomb.pcap.gz", 0)
	if !errors.Is(err, capture.ErrUnpacked) || c == nil || c.Total != maxUnpacked/len(packet) || read.Len() < len(bomb)/2 {
		t.Errorf("%d of %d bytes are left: %v", read.Len(), len(bomb), err)
	}
	// What is not compressed is as long as it is.
	plain := io.MultiReader(&header, bytes.NewReader(bytes.Repeat(packet, 3)))
	if c, err := File(t.Context(), plain, "plain.pcap", 0); err != nil || c.Total != 3 {
		t.Errorf("%v, %v", c, err)
	}
}
