package wire

import (
	"net/http/httptest"
	"strings"
	"testing"
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
