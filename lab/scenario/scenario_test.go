package scenario

import (
	"encoding/binary"
	"strings"
	"testing"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

func TestDocumentedSegmentsHangTogether(t *testing.T) {
	next := map[uint16]map[uint16]uint32{}
	documented := 0
	for i, s := range Documented() {
		if s.Documented {
			documented++
		}
		if s.Documented != (i >= EarlierCount) {
			t.Errorf("packet %d: documented is %v", i+1, s.Documented)
		}
		if next[s.From] == nil {
			next[s.From] = map[uint16]uint32{}
		}
		if s.Flags&tcp.SYN != 0 {
			next[s.From][s.To] = s.Seq + 1
			continue
		}
		if s.Seq != next[s.From][s.To] || s.Ack != next[s.To][s.From] {
			t.Errorf("packet %d: seq %d ack %d, want %d and %d", i+1, s.Seq, s.Ack, next[s.From][s.To], next[s.To][s.From])
		}
		next[s.From][s.To] += uint32(len(s.Payload))
	}
	if documented != 19 {
		t.Errorf("%d documented packets, want 19", documented)
	}
}

// Figures that the documented page shows, held against the packets that are built.
func TestPacketsHaveDocumentedBytes(t *testing.T) {
	packets, err := Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	var s dissect.Segment
	var tracker dissect.Tracker
	var texts []string
	for i := range packets {
		p := &packets[i]
		if err := s.Decode(p); err != nil {
			t.Fatalf("packet %d: %v", i+1, err)
		}
		e := tracker.Add(&s)
		want := map[int]uint16{16: 0x4851, 17: 0x3cba, 18: 0x4858, 23: 0x482f}[i+1]
		if got := binary.BigEndian.Uint16(p.Data[16+10:]); want != 0 && got != want {
			t.Errorf("packet %d: IP checksum %#x, want %#x", i+1, got, want)
		}
		checksum := binary.BigEndian.Uint16(p.Data[16+20+16:])
		if want := map[int]uint16{0: 0xfe28, 715: 0x00f4, 79: 0xfe77}[e.Segment.Length]; want != 0 && e.Segment.Flags&tcp.SYN == 0 && checksum != want {
			t.Errorf("packet %d: TCP checksum %#x, want %#x", i+1, checksum, want)
		}
		for _, u := range e.Units {
			if u.Kind == dissect.FrameUnit {
				texts = append(texts, string(u.Frame.Message))
			}
		}
	}
	if got := texts[len(texts)-3]; got != `{"type":"say","to_uid":"all","content":"hi,  all !"}` {
		t.Errorf("the newcomer says %s", got)
	}
	if len(texts) != 12 || !strings.Contains(texts[0], "猪猪") {
		t.Errorf("%d messages: %q", len(texts), texts)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{
		`{`, `[{"time":"nine"}]`, `[{"time":"17:00:00","flags":"X"}]`,
		`[{"time":"17:00:00","flags":".","frame":"x","mask":"00"}]`,
		`[{"time":"17:00:00","flags":".","frame":"x","mask":"zz"}]`,
	} {
		if _, err := parse([]byte(bad)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
