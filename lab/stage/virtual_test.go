package stage

import (
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// fated lets the client of a virtual stage send texts whose segments have these fates,
// one after the other, the rest none. It gives what the server reads, and what is
// captured and when.
func fated(t *testing.T, fates []Fate, texts ...string) (read string, captured []string, times []time.Duration) {
	t.Helper()
	v := newVirtually(t, func(p *Passing) Fate {
		if p.To != 7272 || len(p.Payload) == 0 || len(fates) == 0 {
			return Deliver
		}
		if p.Payload[0] == '?' {
			p.Payload[0] = '!'
		}
		fate := fates[0]
		fates = fates[1:]
		return fate
	})
	packets, err := v.stage.Capture()
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	done := make(chan struct{})
	b := make([]byte, size)
	var failed error
	go func() {
		_, failed = io.ReadFull(v.server, b)
		close(done)
		io.Copy(io.Discard, v.server)
	}()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var s dissect.Segment
		began := time.Time{}
		for p, err := range capture.All(packets) {
			if err != nil || s.Decode(p) != nil {
				return
			}
			if began.IsZero() {
				began = p.Time
			}
			what := string(s.Payload)
			if what == "" {
				what = fmt.Sprintf("%v of %d", s.Flags, s.Src.Port())
			}
			captured = append(captured, what)
			times = append(times, p.Time.Sub(began))
		}
	}()
	for _, text := range texts {
		v.write(v.client, text)
	}
	// Until all is read, and then for what is late.
	for _, until := range []chan struct{}{done, nil} {
		if err := v.stage.clock.Wait(t.Context(), time.Minute, until); err != nil {
			t.Fatal(err)
		}
	}
	<-done
	if failed != nil {
		t.Error(failed)
	}
	packets.Close()
	<-ended
	return string(b), captured, times
}

// What is lost is captured, and sent again after the retransmission timeout, which
// doubles (RFC 6298 §5.5): on the stage's clock, not on ours.
func TestVirtualLose(t *testing.T) {
	began := time.Now()
	read, captured, times := fated(t, slices.Repeat([]Fate{Lose}, 6), "text")
	real := time.Since(began)
	if want := append(slices.Repeat([]string{"text"}, 7), ". of 7272"); read != "text" || !slices.Equal(captured, want) {
		t.Fatalf("read %q, captured %q", read, captured)
	}
	const shortest = 200 * time.Millisecond // as Linux's: TCP_RTO_MIN
	for i, timeout := 1, shortest; i < 7; i, timeout = i+1, 2*timeout {
		if d := times[i] - times[i-1]; d < timeout || d > timeout+timeout/10 {
			t.Errorf("retransmission %d after %v, want %v", i, d, timeout)
		}
	}
	if virtual := times[len(times)-1]; real > virtual {
		t.Errorf("%v on the stage took %v", virtual, real)
	}
}

func TestVirtualTwice(t *testing.T) {
	read, captured, times := fated(t, []Fate{Twice}, "text")
	if want := []string{"text", "text", ". of 7272", ". of 7272"}; read != "text" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q", read, captured)
	}
	if d := times[1] - times[0]; d != packetTime {
		t.Errorf("it comes again after %v", d)
	}
}

// The next segment overtakes one that is late. One that has no next comes when TCP
// sends it again.
func TestVirtualLate(t *testing.T) {
	read, captured, _ := fated(t, []Fate{Late}, "one, ", "two")
	if want := []string{"two", "one, ", ". of 7272", ". of 7272"}; read != "one, two" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q", read, captured)
	}
	read, captured, times := fated(t, []Fate{Deliver, Late}, "one, ", "two")
	if want := []string{"one, ", ". of 7272", "two", "two", ". of 7272", ". of 7272"}; read != "one, two" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q at %v", read, captured, times)
	}
}

// Two in a row that are late are reordered, and none is lost.
func TestVirtualLateTwice(t *testing.T) {
	read, captured, times := fated(t, []Fate{Late, Late}, "one, ", "two")
	if want := []string{"two", "one, ", ". of 7272", ". of 7272"}; read != "one, two" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q at %v", read, captured, times)
	}
}

// A segment that is lost does not take with it one that is late.
func TestVirtualLateBehindALostOne(t *testing.T) {
	read, captured, times := fated(t, []Fate{Late, Lose}, "one, ", "two")
	if want := []string{"two", "one, ", ". of 7272", "two", ". of 7272"}; read != "one, two" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q at %v", read, captured, times)
	}
}

// What is changed in a segment is captured and delivered so.
func TestVirtualChanged(t *testing.T) {
	read, captured, _ := fated(t, []Fate{Deliver}, "?text")
	if want := []string{"!text", ". of 7272"}; read != "!text" || !slices.Equal(captured, want) {
		t.Errorf("read %q, captured %q", read, captured)
	}
}

// Who accepted writes on without waiting for what is lost.
func TestVirtualLoseOfTheServer(t *testing.T) {
	lost := false
	v := newVirtually(t, func(p *Passing) Fate {
		if p.From == 7272 && len(p.Payload) > 0 && !lost {
			lost = true
			return Lose
		}
		return Deliver
	})
	discards(v.server)
	began := time.Now()
	v.write(v.server, "one, ")
	v.write(v.server, "two")
	if d := time.Since(began); d > 4*time.Second { // a moment of waitAcked's is longer
		t.Errorf("to write took %v", d)
	}
	for _, d := range []time.Duration{100 * time.Millisecond, time.Second} {
		if v.client.ep.Readiness(readable) != 0 {
			t.Errorf("there is something to read %v before it is sent again", d)
		}
		if err := v.stage.clock.Wait(t.Context(), d, nil); err != nil {
			t.Fatal(err)
		}
	}
	v.read(v.client, "one, two")
}
