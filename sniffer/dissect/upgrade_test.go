package dissect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// order gives the packets of those numbers, counted from 0.
func order(packets []capture.Packet, numbers ...int) (some []capture.Packet) {
	for _, n := range numbers {
		some = append(some, packets[n])
	}
	return some
}

// The upgrade is followed though its packets were not captured, or in another
// order.
func TestUpgradeWithoutItsPackets(t *testing.T) {
	w := newWire(t)
	w.upgrade() // 3: the request, 4: its ACK, 5: the 101, 6: its ACK
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	w.send(Server, tcp.ACK, "")
	w.send(Client, tcp.ACK, masked(true, Binary, "two segments")[:7])
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Binary, "two segments")[7:])
	list := plain(true, Text, "welcome, these are the members of the room: nobody")
	w.send(Server, tcp.ACK, list[:45])
	w.send(Server, tcp.PSH|tcp.ACK, list[45:])
	w.send(Client, tcp.ACK, "")
	request, response := "c GET / HTTP/1.1", "s HTTP/1.1 101 Switching Protocols"
	hello, two := `c text "hello" = text "hello"`, `c binary "two segments" = binary "two segments"`
	welcome := fmt.Sprintf("s text %[1]q = text %[1]q", list[2:])
	for _, tt := range []struct {
		name    string
		numbers []int
		want    []string
	}{
		{"the 101 lost", []int{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13}, []string{request, hello, two, welcome}},
		{"the 101 lost and all acknowledgements", []int{0, 1, 2, 3, 7, 9, 10, 11, 12}, []string{request, hello, two, welcome}},
		{"the 101 lost, nothing but frames in two segments", []int{0, 1, 2, 3, 4, 6, 9, 10, 11, 12, 13}, []string{request, welcome}},
		{"the 101 before its request", []int{0, 1, 2, 5, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13}, []string{response, request, hello, two, welcome}},
		{"the 101 and its ACK before the request", []int{0, 1, 2, 5, 6, 3, 4, 7, 8, 9, 10, 11, 12, 13}, []string{response, request, hello, two, welcome}},
		{"the 101 behind a frame", []int{0, 1, 2, 3, 4, 6, 7, 8, 5, 9, 10, 11, 12, 13}, []string{request, hello, response, two, welcome}},
		{"the 101 within the server's frame", []int{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 5, 12, 13}, []string{request, hello, two, response, welcome}},
		{"the 101 behind the server's frame", []int{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 5}, []string{request, hello, two, welcome, response}},
		{"the request behind a frame", []int{0, 1, 2, 4, 5, 6, 7, 8, 3, 9, 10, 11, 12, 13}, []string{response, hello, request, two, welcome}},
		{"the request within a frame", []int{0, 1, 2, 4, 5, 6, 7, 8, 9, 3, 10, 11, 12, 13}, []string{response, hello, request, two, welcome}},
		{"the request behind a frame, the 101 lost", []int{0, 1, 2, 4, 6, 7, 8, 3, 9, 10, 11, 12, 13}, []string{hello, request, two, welcome}},
	} {
		got := say(new(Tracker), order(w.packets, tt.numbers...))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// A frame of the client's comes with its own packet, and is no guess: it was asked
// for.
func TestFrameAfterLost101(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	w.send(Server, tcp.ACK, "")
	packets := slices.Delete(w.packets, 5, 6)
	var tr Tracker
	for i := range packets {
		e := add(&tr, &packets[i])
		frame := len(e.Units) == 1 && e.Units[0].Kind == FrameUnit
		if frame != (i == 6) || frame && (e.Units[0].Guess || !e.Conversation.WebSocket) {
			t.Errorf("packet %d: %+v", i, e)
		}
		if (len(e.Acked) == 1 && e.Acked[0].Kind == FrameUnit) != (i == 7) {
			t.Errorf("packet %d acknowledges %+v", i, e.Acked)
		}
	}
}

// What was granted before it was asked for needs no frame that is whole.
func TestLongFrameAfterEarly101(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	long := masked(true, Binary, strings.Repeat("x", maxHead+10))
	for ; len(long) > 0; long = long[min(len(long), 10000):] {
		w.send(Client, tcp.ACK, long[:min(len(long), 10000)])
	}
	packets := slices.Insert(slices.Delete(slices.Clone(w.packets), 5, 6), 3, w.packets[5])
	if got := say(new(Tracker), packets); len(got) != 3 || !strings.HasPrefix(got[2], "c binary") {
		t.Errorf("got %.100q", got)
	}
}

// What was not granted is no WebSocket, and what may not have been granted yet
// waits.
func TestUpgradeNotGranted(t *testing.T) {
	frame := masked(true, Text, "hello")
	for _, tt := range []struct {
		name string
		make func(w *wire)
		want []string
	}{
		{"declined", func(w *wire) {
			w.send(Server, tcp.PSH|tcp.ACK, "HTTP/1.1 403 Forbidden\r\n\r\n")
			w.send(Client, tcp.PSH|tcp.ACK, frame)
		}, []string{"s HTTP/1.1 403 Forbidden"}},
		{"not answered", func(w *wire) {
			w.send(Client, tcp.PSH|tcp.ACK, frame)
			w.send(Server, tcp.ACK, "")
			w.send(Client, tcp.PSH|tcp.ACK, frame)
		}, nil},
		{"half answered", func(w *wire) {
			w.send(Server, tcp.ACK, "HTTP/1.1 ")
			w.send(Client, tcp.ACK, "")
			w.send(Client, tcp.PSH|tcp.ACK, frame)
			w.send(Server, tcp.PSH|tcp.ACK, "403 Forbidden\r\n\r\n")
		}, []string{"s HTTP/1.1 403 Forbidden"}},
		{"granted behind the frame", func(w *wire) {
			w.send(Client, tcp.PSH|tcp.ACK, frame)
			w.send(Server, tcp.PSH|tcp.ACK, upgradeResponse)
		}, []string{"s HTTP/1.1 101 Switching Protocols", `c text "hello" = text "hello"`}},
		{"no frames", func(w *wire) {
			w.seq[Server] += 100 // a lost answer
			w.send(Client, tcp.PSH|tcp.ACK, frame+"x")
			w.send(Client, tcp.PSH|tcp.ACK, "\r\n")
		}, nil},
		{"not masked", func(w *wire) {
			w.seq[Server] += 100
			w.send(Client, tcp.PSH|tcp.ACK, plain(true, Text, "hello"))
		}, nil},
		{"answered with something else", func(w *wire) {
			w.send(Server, tcp.PSH|tcp.ACK, "no HTTP")
			w.send(Client, tcp.PSH|tcp.ACK, frame)
			w.send(Client, tcp.PSH|tcp.ACK, "GET /again HTTP/1.1\r\n\r\n")
		}, []string{"c GET /again HTTP/1.1"}},
		{"granted, half of that lost", func(w *wire) {
			w.send(Server, tcp.ACK, upgradeResponse[:50])
			w.seq[Server] += uint32(len(upgradeResponse) - 50)
			w.send(Client, tcp.PSH|tcp.ACK, frame)
		}, []string{`c text "hello" = text "hello"`}},
		{"a keep-alive", func(w *wire) {
			w.seq[Server] += 100
			w.seq[Client]--
			w.send(Client, tcp.ACK, "\x00")
			w.send(Client, tcp.PSH|tcp.ACK, frame)
		}, []string{`c text "hello" = text "hello"`}},
	} {
		w := newWire(t)
		w.open()
		w.send(Client, tcp.PSH|tcp.ACK, upgradeRequest)
		tt.make(w)
		got := say(new(Tracker), w.packets)
		if want := append([]string{"c GET / HTTP/1.1"}, tt.want...); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, want)
		}
	}
}
