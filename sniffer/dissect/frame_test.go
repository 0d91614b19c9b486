package dissect

import (
	"bytes"
	"testing"
)

// FuzzFrameHeader reads headers and writes them again: they are to be the same
// bytes, also where the length takes more than it needs.
func FuzzFrameHeader(f *testing.F) {
	for _, b := range []string{
		"\x81\x05", "\xc1\x85\x3c\x31\x37\x44", "\x82\x7e\x00\x05", "\x82\x7e\x01\x00", "\x02\x7f\x00\x00\x00\x00\x00\x00\x00\x05",
		"\xf8\xff\xff\x00\x00\x00\x00\x01\x00\x00\x3c\x31\x37\x44", "\x81", "\x81\x7e\x01", "\x81\x85\x3c\x31\x37", "",
	} {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h := ParseFrameHeader(b)
		if h.Size == 0 {
			if len(b) >= MaxFrameHeader {
				t.Fatalf("%x is not read", b)
			}
			return
		}
		if got := h.Append(nil); !bytes.Equal(got, b[:h.Size]) {
			t.Fatalf("%x is written as %x", b[:h.Size], got)
		}
		if h.shortest() > h.Size {
			t.Fatalf("%x in its shortest form takes %d bytes", b[:h.Size], h.shortest())
		}
		if h.Length > 1<<17 {
			return
		}
		frame := AppendFrame(nil, h, make([]byte, h.Length))
		if again := ParseFrameHeader(frame); again.Size != h.shortest() || again.Length != h.Length || len(frame) != again.Size+int(h.Length) {
			t.Fatalf("%x becomes %x", b[:h.Size], frame[:again.Size])
		}
	})
}
