package dissect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/tcp"
)

// Bytes that were acknowledged before they were captured are out of order: whole
// frames among them are given, and are no loss.
func TestAcknowledgedBeforeCaptured(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "one"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "two"))
	w.send(Server, tcp.ACK, "")
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "three"))
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "four"))
	w.send(Client, tcp.ACK, "")
	w.send(Server, tcp.ACK, "")
	for _, tt := range []struct {
		first, behind int // of the frames' packets, and what acknowledges both
	}{{7, 9}, {10, 12}} {
		numbers := []int{}
		for i := range w.packets {
			if i != tt.first {
				numbers = append(numbers, i)
			}
			if i == tt.behind {
				numbers = append(numbers, tt.first, tt.first)
			}
		}
		packets := order(w.packets, numbers...)
		at := slices.Index(numbers, tt.first)
		side := Client
		if tt.first == 10 {
			side = Server
		}
		var tr Tracker
		for i := range packets {
			e := add(&tr, &packets[i])
			missing := e.Conversation.Missing(side)
			switch i {
			case at - 1:
				if missing == 0 || e.Lost != 0 && int(e.Lost) != missing {
					t.Errorf("packet %d: %d missing, %d lost", i, missing, e.Lost)
				}
			case at:
				if e.Kind != OutOfOrder || !e.Late || len(e.Units) != 1 || e.Units[0].Start != e.RelSeq || e.Units[0].Frame.Message == nil || missing != 0 {
					t.Errorf("packet %d, late: %+v, %d missing", i, e, missing)
				}
			case at + 1:
				if e.Kind != Retransmission || e.Late || len(e.Units) != 0 || missing != 0 {
					t.Errorf("packet %d, late again: %+v, %d missing", i, e, missing)
				}
			}
		}
		got := say(new(Tracker), packets)
		want := say(new(Tracker), w.packets)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
	}
}

// A late part of a frame is no frame, even if it looks like one.
func TestLatePartOfAFrame(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	text := plain(true, Text, strings.Repeat("x", 200)+plain(true, Text, "not a frame")+strings.Repeat("x", 200))
	at := strings.Index(text, "not a frame") - 2
	w.send(Server, tcp.ACK, text[:at])
	w.send(Server, tcp.ACK, text[at:at+13])
	w.send(Server, tcp.PSH|tcp.ACK, text[at+13:])
	w.send(Client, tcp.ACK, "")
	packets := order(w.packets, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 8)
	var tr Tracker
	frames := 0
	for i := range packets {
		e := add(&tr, &packets[i])
		frames += len(e.Units)
		if i == 10 && (e.Kind != OutOfOrder || !e.Late || len(e.Units) != 0 || e.Conversation.Missing(Server) != 13) {
			t.Errorf("got %+v, %d missing", e, e.Conversation.Missing(Server))
		}
	}
	if frames != 3 {
		t.Errorf("%d units", frames)
	}
}

// A late segment that repeats a frame beside the one that was missing gives none
// twice.
func TestLateFrameWithARepeatedOne(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	one, two := masked(true, Text, "one"), masked(true, Text, "two")
	w.send(Client, tcp.PSH|tcp.ACK, one)
	w.send(Client, tcp.PSH|tcp.ACK, two)
	w.send(Server, tcp.ACK, "")
	w.seq[Client] -= uint32(len(one + two))
	w.send(Client, tcp.PSH|tcp.ACK, one+two)
	packets := slices.Delete(w.packets, 7, 8)
	got := say(new(Tracker), packets)
	if want := append(whole()[:2], `c text "two" = text "two"`); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// A guess stays one though late bytes are no frames that anybody would send.
func TestLateBytesAndAGuess(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.packets = nil
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello everybody"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "\xff\xfe"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "good bye"))
	w.send(Server, tcp.ACK, "")
	w.packets = order(w.packets, 0, 2, 3, 1)
	var tr Tracker
	if got := guesses(&tr, w); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("got %v", got)
	}
	if e := add(&tr, &w.packets[3]); !e.Conversation.WebSocket {
		t.Error("the guess is withdrawn")
	}
}

func TestRingKeepsOrder(t *testing.T) {
	var r ring
	for _, end := range []uint32{20, 30, 10, 25} {
		r.push(&Unit{End: end})
	}
	var got []uint32
	for ack := range uint32(40) {
		units, more := r.pop(ack, nil)
		for ; more; units, more = r.pop(ack, units) {
		}
		for _, u := range units {
			if u.End != ack {
				t.Errorf("%d is popped at %d", u.End, ack)
			}
			got = append(got, u.End)
		}
	}
	if len(got) != 4 {
		t.Errorf("got %v", got)
	}
}

// Late bytes of what is not known to be WebSocket are no frames.
func TestLateBytesOfAnotherProtocol(t *testing.T) {
	w := newWire(t)
	w.open()
	w.send(Client, tcp.PSH|tcp.ACK, "SSH-2.0-x\r\n")
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	w.send(Client, tcp.PSH|tcp.ACK, "more")
	w.send(Server, tcp.ACK, "")
	if got := say(new(Tracker), order(w.packets, 0, 1, 2, 3, 5, 6, 4)); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestMissing(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	first := len(w.packets)
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "0123456789")) // 7: 16 bytes
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "hello"))       // 8: 7 bytes
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "abc"))        // 9: 9 bytes
	w.send(Server, tcp.ACK, "")                                       // 10
	w.send(Client, tcp.FIN|tcp.ACK, "")                               // 11
	w.send(Server, tcp.FIN|tcp.ACK, "")                               // 12
	w.send(Client, tcp.ACK, "")                                       // 13
	w.seq[Client] += 5000
	w.send(Server, tcp.RST|tcp.ACK, "") // 14: acknowledges what never was
	for _, tt := range []struct {
		name string
		lost []int
		want [2]int
	}{
		{"nothing", nil, [2]int{}},
		{"acknowledgements", []int{10, 13}, [2]int{}},
		{"a frame", []int{7}, [2]int{16, 0}},
		{"the server's", []int{8}, [2]int{0, 7}},
		{"both frames", []int{7, 9}, [2]int{25, 0}},
		{"the last of the client's", []int{9, 11}, [2]int{10, 0}},
		{"a FIN", []int{11}, [2]int{1, 0}},
		{"the last data and what acknowledges it", []int{9, 10, 12}, [2]int{0, 1}}, // it may still come
	} {
		var tr Tracker
		var c *Conversation
		for i := range w.packets {
			if !slices.Contains(tt.lost, i) {
				c = add(&tr, &w.packets[i]).Conversation
			}
		}
		if got := [2]int{c.Missing(Client), c.Missing(Server)}; got != tt.want {
			t.Errorf("%s lost: %v bytes missing, want %v", tt.name, got, tt.want)
		}
		// A capture that begins later misses nothing of before.
		var late Tracker
		for i := first; i < len(w.packets); i++ {
			c = add(&late, &w.packets[i]).Conversation
		}
		if got := [2]int{c.Missing(Client), c.Missing(Server)}; got != [2]int{} {
			t.Errorf("begun late: %v bytes missing", got)
		}
	}
}

// A gap may be filled in parts, from any end.
func TestFillGaps(t *testing.T) {
	base := uint32(0xfffffff0)
	var g gaps
	g.add(gap{base, base + 100, false})
	g.add(gap{base + 200, base + 250, true})
	for _, tt := range []struct {
		start, end uint32
		want       int
		inFrame    bool
	}{
		{base + 100, base + 200, 0, false}, {base + 40, base + 60, 20, false}, {base + 40, base + 60, 0, false}, {base + 20, base + 80, 40, false},
		{base + 90, base + 210, 20, true}, {base, base + 300, 20 + 10 + 40, true}, {base, base + 300, 0, false},
	} {
		if n, inFrame := g.fill(tt.start, tt.end); n != tt.want || inFrame != tt.inFrame {
			t.Errorf("%d to %d fills %d, %v; want %d, %v", tt.start-base, tt.end-base, n, inFrame, tt.want, tt.inFrame)
		}
	}
	if len(g.list) != 0 || g.missing != 150 {
		t.Errorf("left: %+v", g)
	}
	for i := range 2 * uint32(maxGaps) {
		g.add(gap{i * 10, i*10 + 1, false})
	}
	if len(g.list) != maxGaps || g.missing != 150+2*maxGaps {
		t.Errorf("%d gaps, %d missing", len(g.list), g.missing)
	}
}

// The three of the handshake are what their flags say, in any order.
func TestHandshakeInAnyOrder(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	kinds := []Kind{HandshakeSYN, HandshakeSYNACK, HandshakeACK}
	for _, o := range [][]int{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {0, 2, 1}} {
		var tr Tracker
		for _, i := range o {
			if e := add(&tr, &w.packets[i]); e.Kind != kinds[i] || e.Conversation.Number != 0 || int(e.From) != i%2 {
				t.Errorf("%v: packet %d is of kind %d, from %d", o, i, e.Kind, e.From)
			}
		}
		for i := range w.packets[:2] {
			if e := add(&tr, &w.packets[i]); e.Kind != Retransmission {
				t.Errorf("%v: packet %d again is of kind %d", o, i, e.Kind)
			}
		}
		if got := say(&tr, w.packets[3:]); len(got) != 2 {
			t.Errorf("%v: got %q", o, got)
		}
	}
}

// Whatever is lost, repeated or in another order, nothing is made up and nothing is
// given twice.
func TestTrackerMakesNothingUp(t *testing.T) {
	base := conversation(t).packets
	random := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		packets := slices.Clone(base)
		for range random.IntN(6) {
			// A SYN out of its place begins another connection.
			i, j := 2+random.IntN(len(packets)-2), 2+random.IntN(len(packets)-2)
			switch p := packets[i]; random.IntN(3) {
			case 0:
				packets = slices.Delete(packets, i, i+1)
			case 1:
				packets = slices.Insert(packets, j, p)
			case 2:
				j = min(len(packets)-1, i+random.IntN(4))
				packets = slices.Insert(slices.Delete(packets, i, i+1), j, p)
			}
		}
		left := whole()
		var tr Tracker
		for i := range packets {
			e := add(&tr, &packets[i])
			for _, u := range e.Units {
				line := fmt.Sprintf("%c %s", "cs"[u.From], unitText(&u))
				j := slices.IndexFunc(left, func(s string) bool { return s == line || strings.HasPrefix(s, line+" = ") })
				if j < 0 && !u.Frame.Cut {
					t.Fatalf("packet %d of %d: %s", i, len(packets), line)
				}
				if j >= 0 {
					left = slices.Delete(left, j, j+1)
				}
			}
			for side := range e.Conversation.streams {
				if n := e.Conversation.Missing(Side(side)); n < 0 || n > 1000 {
					t.Fatalf("packet %d of %d: %d bytes missing", i, len(packets), n)
				}
			}
		}
		sum := 0
		for _, c := range tr.conversations {
			sum += c.weight()
		}
		if sum != tr.buffered {
			t.Fatalf("holds %d bytes, counted %d", sum, tr.buffered)
		}
	}
}
