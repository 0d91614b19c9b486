package check

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
)

// file makes a pcap file of packets.
func file(t testing.TB, packets []capture.Packet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := capture.WriteAll(&b, capture.FileHeader{LinkType: packets[0].LinkType}, packets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever a file holds, the checker neither panics nor contradicts itself, and
// says the same after every packet as at the end.
func FuzzFile(f *testing.F) {
	f.Add(file(f, played(f, checktest.Cast{})))
	f.Add(file(f, played(f, checktest.Cast{Today: true, PHP: true, MSS: 9, Quiet: true})))
	f.Add(file(f, short(played(f, checktest.Cast{Today: true}), 90)))
	f.Add(file(f, linked(f, capture.LinuxSLL2, true)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := File(t.Context(), bytes.NewReader(b), "f", steps.Task{})
		if r == nil {
			if err == nil {
				t.Fatal("neither report nor error")
			}
			return
		}
		if len(r.Steps) != len(scenario.Steps) || r.OK() != (marks(r) == "=======") {
			t.Fatalf("ok %v with %s", r.OK(), marks(r))
		}
		noise := 0
		for _, n := range r.Noise {
			noise += n.Packets
		}
		if len(r.Packets)+noise != r.Total {
			t.Fatalf("%d packets of the conversation and %d others are not %d", len(r.Packets), noise, r.Total)
		}
		for i, v := range r.Packets {
			if v.Number < 1 || v.Number > r.Total || i > 0 && v.Number <= r.Packets[i-1].Number || v.Documented < 0 || v.Documented > 19 {
				t.Fatalf("verdict %d is %+v", i, v)
			}
		}
		for _, s := range r.Steps {
			if !slices.IsSorted(s.Packets) || len(s.Packets) > 0 && (s.Packets[0] < 1 || s.Packets[len(s.Packets)-1] > r.Total) {
				t.Fatalf("%s: packets %v", s.ID, s.Packets)
			}
		}
	})
}

// A report after each packet does not change what later ones say.
func TestReportAfterEveryPacket(t *testing.T) {
	packets := played(t, checktest.Cast{Today: true})
	var c evidence.Capture
	found := 0
	for i := range packets {
		c.Add(&packets[i])
		r := Capture(&c, steps.Task{})
		n := 0
		for _, s := range r.Steps {
			if s.Status == steps.Found {
				n++
			}
		}
		if n < found && r.Client.Port() == 60653 && found < 7 && i > len(packets)-10 {
			t.Errorf("packet %d takes a step back: %s", i+1, marks(r))
		}
		found = n
	}
	if got, want := describe(Capture(&c, steps.Task{})), describe(checked(packets, steps.Task{})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestUnreadableFiles(t *testing.T) {
	whole := file(t, played(t, checktest.Cast{}))
	for _, tt := range []struct {
		name  string
		data  []byte
		fault evidence.Fault
		whole int
	}{
		{"empty", nil, evidence.Empty, 0},
		{"foreign", []byte("this is no capture"), evidence.Foreign, 0},
		{"short and foreign", []byte("x"), evidence.Foreign, 0},
		{"cut in the header", whole[:20], evidence.Cut, 0},
		{"cut in a packet", whole[:len(whole)-3], evidence.Cut, -1},
	} {
		_, err := File(t.Context(), bytes.NewReader(tt.data), "f.pcap", steps.Task{})
		var u *evidence.Unreadable
		if !errors.As(err, &u) || u.Fault != tt.fault || tt.whole >= 0 && u.Whole != tt.whole || tt.whole < 0 && u.Whole < 20 {
			t.Errorf("%s: got %+v", tt.name, err)
		}
	}
	if r, err := File(t.Context(), bytes.NewReader(whole[:24]), "f.pcap", steps.Task{}); err != nil || r.OK() || r.Total != 0 {
		t.Errorf("without packets: %v, %v", r, err)
	}
	if _, err := File(t.Context(), io.MultiReader(bytes.NewReader(whole[:100]), failing{}), "f.pcap", steps.Task{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
