package capture

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
	"testing/iotest"
)

var (
	_ BatchSource = (*Reader)(nil)
	_ BatchSource = (*Live)(nil)
)

// Batches hold what Read gives, whatever pieces the source gives, and one batch
// stays as it is while the next is read.
func TestReadBatchIsRead(t *testing.T) {
	for name, file := range map[string][]byte{
		"pcap":      pcapFile(binary.LittleEndian, magicMicro, 0, 4, 3000),
		"cut off":   pcapFile(binary.LittleEndian, magicMicro, 0, 4, 300)[:30000],
		"large":     pcapRecord(binary.BigEndian, pcapFile(binary.BigEndian, magicMicro, MaxSnaplen, 4, 300), magicMicro, 1, 1, MaxSnaplen, MaxSnaplen),
		"pcapng":    bytes.Repeat(ngEverything(binary.BigEndian), 40),
		"damaged":   append(pcapFile(binary.LittleEndian, magicMicro, 0, 4, 2), bytes.Repeat([]byte{0xff}, 99)...),
		"no packet": pcapFile(binary.LittleEndian, magicMicro, 0, 4, 0),
	} {
		want, wantErr := readAll(bytes.NewReader(file))
		for how, src := range map[string]io.Reader{
			"whole":        bytes.NewReader(file),
			"byte by byte": iotest.OneByteReader(bytes.NewReader(file)),
			"halves":       iotest.HalfReader(bytes.NewReader(file)),
		} {
			r, err := NewReader(src)
			if err != nil {
				t.Fatal(err)
			}
			var batches [2]Batch
			n, done := 0, 0
			for i := 0; ; i++ {
				b, before := &batches[i%2], &batches[(i+1)%2]
				err = r.ReadBatch(b)
				for k, p := range before.Packets { // still there
					w := want[done+k]
					if p.Length != w.Length || !p.Time.Equal(w.Time) || p.Interface != w.Interface || !bytes.Equal(p.Data, w.Data) {
						t.Fatalf("%s, %s: packet %d: %+v, want %+v", name, how, done+k, p, w)
					}
				}
				done += len(before.Packets)
				n += len(b.Packets)
				if err != nil {
					break
				}
				if len(b.Packets) == 0 {
					t.Fatalf("%s, %s: an empty batch", name, how)
				}
			}
			if err.Error() != wantErr.Error() || n != len(want) || done != n {
				t.Errorf("%s, %s: %d packets, want %d; %v, want %v", name, how, n, len(want), err, wantErr)
			}
		}
	}
}

func BenchmarkReadBatch(b *testing.B) {
	file := pcapFile(binary.LittleEndian, magicMicro, 0, 4, 0)
	for range 100000 {
		file = pcapRecord(binary.LittleEndian, file, magicMicro, 1407837003, 1, 82, 82)
	}
	b.ReportAllocs()
	b.ResetTimer()
	var batch Batch
	for n := 0; n < b.N; {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		for n < b.N && r.ReadBatch(&batch) == nil {
			n += len(batch.Packets)
		}
	}
}
