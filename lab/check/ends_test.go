package check

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"slices"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// A file that cannot be read to its end is checked to there, and the report says
// so and blames nobody for what may have stood behind.
func TestFilesThatEndEarly(t *testing.T) {
	killed := readFile(t, "testdata/killed.pcap") // tcpdump without -U, ended with SIGKILL
	played := file(t, played(t, checktest.Cast{}))
	damaged := append(bytes.Clone(killed), bytes.Repeat([]byte{0xff}, 500)...)[len(killed):]
	packed := gzipped(t, played)
	for _, tt := range []struct {
		name  string
		data  []byte
		fault evidence.Fault
		total int // -1: not known
		want  string
		hint  string // of the first step that is not found
	}{
		{"killed", killed, evidence.Cut, 23, "======-", "hint.cut"},
		{"killed and compressed", gzipped(t, killed), evidence.Cut, 23, "======-", "hint.cut"},
		{"compressed and cut", packed[:len(packed)*2/3], evidence.Cut, -1, "", "hint.cut"},
		{"compressed, its checksum cut off", packed[:len(packed)-3], evidence.Cut, -1, "=======", ""},
		{"bytes behind gzip's end", readFile(t, "testdata/gz_junk.pcap.gz"), evidence.Trailing, 13, "=======", ""},
		{"damaged", append(bytes.Clone(killed[:3831]), damaged...), evidence.Broken, -1, "", "hint.broken"},
		{"cut in the first packet", killed[:60], evidence.Cut, 0, "-------", "hint.cut"},
		{"as it should be", played, "", -1, "=======", ""},
	} {
		r, err := File(t.Context(), bytes.NewReader(tt.data), "f.pcap", steps.Task{})
		var u *evidence.Unreadable
		if r == nil || r.Fault != tt.fault || (tt.fault != "") != (errors.As(err, &u) && u.Fault == tt.fault) {
			t.Errorf("%s: %v, %+v", tt.name, err, r)
			continue
		}
		if tt.total >= 0 && r.Total != tt.total || tt.want != "" && marks(r) != tt.want || r.OK() != (marks(r) == "=======") {
			t.Errorf("%s: %d packets, %s", tt.name, r.Total, marks(r))
		}
		if r.Advice.Key() != tt.hint {
			t.Errorf("%s: %s, want %s", tt.name, r.Advice.Key(), tt.hint)
		}
		if tt.fault != "" && (len(r.Notes) == 0 || r.Notes[0].Key() != "note."+string(tt.fault) || r.Ends.Key() != r.Notes[0].Key()) || tt.fault == "" && !r.Ends.IsZero() {
			t.Errorf("%s: notes %v", tt.name, r.Notes)
		}
	}
}

// blaming are hints that would blame somebody for what may have stood behind the
// file's end.
var blaming = []string{
	"hint.empty", "hint.nothing", "hint.page", "hint.upgrade", "hint.login", "hint.nick",
	"hint.say", "hint.message", "hint.answer", "hint.ended", "hint.unanswered", "hint.notpassed",
}

// Wherever a file is cut, its whole packets are checked, and no step is said to
// be missing because somebody did not do it.
func TestCutAtEveryByte(t *testing.T) {
	packets := played(t, checktest.Cast{Today: true})
	whole := file(t, packets)
	end, n := 24, 0
	for size := range len(whole) {
		for n < len(packets) && end+16+len(packets[n].Data) <= size {
			end += 16 + len(packets[n].Data)
			n++
		}
		r, err := File(t.Context(), bytes.NewReader(whole[:size]), "f.pcap", steps.Task{})
		if size < 24 {
			if r != nil || err == nil {
				t.Fatalf("%d bytes: a report of no header", size)
			}
			continue
		}
		if r == nil || r.Total != n || (r.Fault == evidence.Cut) != (size > end) {
			t.Fatalf("%d bytes: %v, %+v, want %d packets", size, err, r, n)
		}
		if r.Fault == evidence.Cut && slices.Contains(blaming, r.Advice.Key()) {
			t.Fatalf("%d bytes: %s is said", size, r.Advice.Key())
		}
	}
}
