package class

import (
	"fmt"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// The documented packets count for nobody, whatever stands beside them.
func TestDocumentedPacketsAreNobodys(t *testing.T) {
	files := map[string][]capture.Packet{}
	for i, id := range []string{"ann", "ben"} {
		documented, err := scenario.Packets(true)
		if err != nil {
			t.Fatal(err)
		}
		s := checktest.New(t)
		s.Jitter = uint64(i + 1)
		s.ID = uint16(700 * (i + 1))
		s.Conn(uint16(41000 + i)).Open()
		for j := range documented { // as Ethernet frames, as the scene's are
			p := &documented[j]
			p.LinkType, p.Data = capture.Ethernet, append([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00"), p.Data[16:]...)
			p.Length = len(p.Data)
		}
		files[id] = append(documented, s.Packets...)
	}
	for student, grade := range graded(t, files) {
		if grade.Alike != nil {
			t.Errorf("%s is like %v", student, grade.Alike)
		}
	}
}

// What the lab plays with its own keys is the lab's, on whichever stage and however far:
// two who hand it in are told so, and are no group.
func TestLabsOwn(t *testing.T) {
	replayed, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]capture.Packet{"replay": replayed, "again": replayed}
	for i, last := range []scenario.Number{scenario.PacketLogin, scenario.PacketSay} { // a step, or all
		s := checktest.New(t)
		s.Jitter = uint64(i + 1)
		for j, port := range []uint16{scenario.EarlierPort, scenario.NewcomerPort} {
			n := s.Conn(uint16(42000 + 10*i + j)) // where the documented port is taken
			n.MSS = 300 * i
			n.Open()
			for _, payload := range scenario.Sent(port, last) {
				n.Data(dissect.Client, string(payload))
			}
			s.Pass(time.Second)
		}
		files[fmt.Sprint("live", i)], files[fmt.Sprint("too", i)] = s.Packets, s.Packets
		if last == scenario.PacketSay {
			files["begun"] = s.Packets[len(s.Packets)-6:] // the handshake was not captured
		}
	}
	files["cut"] = replayed[len(replayed)-scenario.DocumentedCount:][:3]
	earlier := checktest.New(t)
	n := earlier.Conn(43000)
	n.Open()
	for i, payload := range scenario.Sent(scenario.EarlierPort, scenario.PacketSay) {
		if n.Data(dissect.Client, string(payload)); i == 0 {
			n.Data(dissect.Server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		}
	}
	files["earlier"] = earlier.Packets // whose Sec-WebSocket-Key is RFC 6455's
	for student, grade := range graded(t, files) {
		if !grade.Played || grade.Alike != nil || grade.Flagged() {
			t.Errorf("%s: %v, %v", student, grade.notes("en"), grade.Report.Client)
		}
	}
	if others := graded(t, map[string][]capture.Packet{"ann": captured(t, Assign(secret, "ann"), 1)}); others["ann"].Played {
		t.Error("a student's own packets are taken for the lab's")
	}
}
