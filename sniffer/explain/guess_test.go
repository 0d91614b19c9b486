package explain

import (
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// Where no handshake was captured every output says that its frames are a guess,
// and that it was wrong when it was.
func TestGuessIsSaid(t *testing.T) {
	frame := string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Text}, []byte("hello everybody")))
	n := uint32(len(frame))
	packets := []capture.Packet{
		segment(t, 7272, 50000, 200, 101, false, frame),
		segment(t, 7272, 50000, 200+n, 101, false, "and no frame"),
	}
	for _, tt := range []struct {
		name         string
		o            Options
		guess, wrong string
	}{
		{"websocket", Options{WebSocket: true}, ", a guess: no handshake captured\n", "\t[no WebSocket: the frames before were a wrong guess]\n"},
		{"json", Options{Mode: JSON}, `"guess":true`, `"guess_withdrawn":true`},
		{"follow", Options{Mode: Follow}, "[a guess: no handshake captured]\nhello everybody\n", "[no WebSocket: the frames before were a wrong guess]\n"},
		{"en", Options{Comments: true, Block: Block{Lang: catalogue.English}}, "A guess: the capture does not have", "The guess was wrong"},
		{"fr", Options{Comments: true, Block: Block{Lang: catalogue.French}}, "Une supposition\u00a0: la capture n’a pas", "La supposition était fausse"},
		{"zh", Options{Comments: true, Block: Block{Lang: catalogue.Chinese}}, "这是推测", "推测有误"},
	} {
		first := printed(t, tt.o, packets[:1])
		both := printed(t, tt.o, packets)
		if !strings.Contains(first, tt.guess) || strings.Contains(first, tt.wrong) || !strings.Contains(both, tt.wrong) {
			t.Errorf("%s: got\n%s", tt.name, both)
		}
	}
}
