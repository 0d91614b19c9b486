package wire

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// A viewer is told which frames are a guess: those of a connection whose
// handshake the wire has not seen.
func TestGuessIsShown(t *testing.T) {
	all := documented(t)
	for _, late := range []bool{false, true} {
		w := New(Options{})
		defer w.Close()
		server := httptest.NewServer(w)
		defer server.Close()
		packets := all
		if late {
			packets = all[22:]
		}
		feed(w, packets)
		got, _ := look(t, server.URL, "/?lang=en").packets(len(packets))
		frames := 0
		for i := range got {
			p := &got[i]
			for _, u := range p.Units {
				if u.Kind != "frame" {
					continue
				}
				frames++
				if said := strings.Contains(strings.Join(p.Lines, " "), "A guess:"); u.Guess != late || said != late {
					t.Errorf("late: %v, packet %d: guess %v, said %v", late, p.N, u.Guess, said)
				}
			}
		}
		if frames < 4 {
			t.Errorf("late: %v: only %d frames", late, frames)
		}
	}
}

// A viewer is told of a frame that breaks a rule, and where a frame should be and is none.
func TestBrokenFramesAreShown(t *testing.T) {
	f, err := os.Open("../../sniffer/dissect/testdata/unmasked.pcap")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	source, err := capture.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	w := New(Options{})
	defer w.Close()
	server := httptest.NewServer(w)
	defer server.Close()
	n := 0
	for p, err := range capture.All(source) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		w.Feed(p)
	}
	got, _ := look(t, server.URL, "/?lang=en").packets(n)
	if u := got[7].Units; len(u) != 1 || u[0].Kind != "frame" || u[0].Section != "5.1" || u[0].Size != 53 {
		t.Errorf("got %+v", u)
	}
	u := describeUnit(&dissect.Event{Segment: &dissect.Segment{Data: 54, Length: 20}, RelSeq: 5},
		&dissect.Unit{Kind: dissect.BrokenUnit, Start: 5, End: 15, Frame: dissect.Frame{
			FrameHeader: dissect.FrameHeader{Size: 10, Length: 1 << 63}, Broken: dissect.NoHeader}})
	if u.Kind != "noframe" || u.Size != 10 || u.At != 54 {
		t.Errorf("no frame: %+v", u)
	}
}
