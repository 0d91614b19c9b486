package wire

import (
	"net/http/httptest"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/dissect"
)

// What is a heartbeat's comes with the packet.
func TestHeartbeatsAreMarked(t *testing.T) {
	scene := checktest.New(t)
	c, _ := scene.Play(checktest.Cast{Today: true})
	before := len(scene.Packets)
	scene.Pass(10 * time.Second)
	c.Say(dissect.Server, `{"type":"ping"}`)
	c.Say(dissect.Client, `{"type":"pong"}`)
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	feed(w, scene.Packets)
	packets, _ := look(t, s.URL, "").packets(len(scene.Packets))
	for i := range packets {
		if packets[i].Heartbeat != (i >= before) {
			t.Errorf("packet %d: %v", i+1, packets[i].Heartbeat)
		}
	}
}
