package dissect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// say describes what a tracker makes of packets: a line a packet that tells
// something.
func say(t *Tracker, packets []capture.Packet) []string {
	var lines []string
	for i := range packets {
		e := add(t, &packets[i])
		for _, u := range e.Units {
			lines = append(lines, fmt.Sprintf("%c %s", "cs"[u.From], unitText(&u)))
		}
	}
	return lines
}

func unitText(u *Unit) string {
	if u.Kind != FrameUnit {
		return u.HTTP.Line
	}
	f := &u.Frame
	s := fmt.Sprintf("%v %q", f.Opcode, f.Payload)
	if f.Cut {
		s += " cut"
	}
	if f.Message != nil {
		s += fmt.Sprintf(" = %v %q", f.MessageOpcode, f.Message)
	}
	return s
}

func conversation(t *testing.T) *wire {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "first")+plain(true, Text, "second"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(false, Text, "in ")+masked(true, Ping, "p"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(false, Continuation, "three "))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Continuation, "parts"))
	long := masked(true, Binary, strings.Repeat("0123456789", 30))
	w.send(Client, tcp.ACK, long[:3])
	w.send(Client, tcp.ACK, long[3:100])
	w.send(Client, tcp.PSH|tcp.ACK, long[100:])
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Close, "\x03\xe8bye"))
	w.send(Client, tcp.FIN|tcp.ACK, "")
	w.send(Server, tcp.FIN|tcp.ACK, "")
	return w
}

// whole is what a tracker makes of it all, new for each test.
func whole() []string {
	return []string{
		"c GET / HTTP/1.1",
		"s HTTP/1.1 101 Switching Protocols",
		`c text "hello" = text "hello"`,
		`s text "first" = text "first"`,
		`s text "second" = text "second"`,
		`c text "in "`,
		`c ping "p"`,
		`c continuation "three "`,
		`c continuation "parts" = text "in three parts"`,
		fmt.Sprintf("c binary %[1]q = binary %[1]q", strings.Repeat("0123456789", 30)),
		`s close "\x03\xe8bye"`,
	}
}

func TestTrackerReadsConversation(t *testing.T) {
	if got, want := say(new(Tracker), conversation(t).packets), whole(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTrackerRelativeNumbersAndKinds(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	w.send(Server, tcp.ACK, "")
	w.packets = append(w.packets, w.packets[7], w.packets[8])
	var tr Tracker
	want := []struct {
		kind        Kind
		seq, ack    uint32
		units, acks int
	}{
		{HandshakeSYN, 0, 0, 0, 0}, {HandshakeSYNACK, 0, 1, 0, 0}, {HandshakeACK, 1, 1, 0, 0},
		{Plain, 1, 1, 1, 0}, {Plain, 1, 154, 0, 1}, {Plain, 1, 154, 1, 0}, {Plain, 154, 130, 0, 1},
		{Plain, 154, 130, 1, 0}, {Plain, 130, 165, 0, 1}, {Retransmission, 154, 130, 0, 0}, {DuplicateACK, 130, 165, 0, 0},
	}
	for i := range w.packets {
		e := add(&tr, &w.packets[i])
		got := want[i]
		got.kind, got.seq, got.ack, got.units, got.acks = e.Kind, e.RelSeq, e.RelAck, len(e.Units), len(e.Acked)
		if got != want[i] {
			t.Errorf("packet %d: got %+v, want %+v", i+1, got, want[i])
		}
		for _, u := range e.Units {
			if u.Start != e.RelSeq || u.End != e.RelSeq+uint32(e.Segment.Length) {
				t.Errorf("packet %d: unit at %d:%d, segment at %d, length %d", i+1, u.Start, u.End, e.RelSeq, e.Segment.Length)
			}
			if u.Kind == ResponseUnit && !u.HTTP.AcceptOK {
				t.Error("the right Sec-WebSocket-Accept is taken for a wrong one")
			}
		}
		for _, u := range e.Acked {
			if u.Kind == FrameUnit && string(u.Frame.Payload) != "hello" {
				t.Errorf("acknowledged %q", u.Frame.Payload)
			}
		}
	}
}

func TestTrackerSurvivesReorderingAndRepetition(t *testing.T) {
	base := conversation(t).packets
	random := rand.New(rand.NewPCG(1, 2))
	want := slices.Sorted(slices.Values(whole()))
	for round := range 200 {
		packets := slices.Clone(base)
		// Neighbours of the same direction change places; some come twice.
		for i := 6; i+1 < len(packets); i++ {
			var a, b Segment
			if a.Decode(&packets[i]) != nil || b.Decode(&packets[i+1]) != nil {
				t.Fatal("not tcp")
			}
			if a.Src == b.Src && random.IntN(2) == 0 {
				packets[i], packets[i+1] = packets[i+1], packets[i]
			}
		}
		for range random.IntN(5) {
			i := 1 + random.IntN(len(packets)-1)
			packets = slices.Insert(packets, i, packets[random.IntN(i)])
		}
		got := slices.Sorted(slices.Values(say(new(Tracker), packets)))
		if !slices.Equal(got, want) {
			t.Fatalf("round %d: got\n%s", round, strings.Join(got, "\n"))
		}
	}
}

func TestTrackerFindsItsPlaceAgainAfterLoss(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "lost"))
	w.send(Server, tcp.ACK, "")
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "found"))
	packets := slices.Delete(w.packets, 7, 8)
	var tr Tracker
	got := say(&tr, packets)
	want := append(whole()[:2], `c text "found" = text "found"`)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTrackerBegunTooLate(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.packets = w.packets[:0]
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "from the server"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "from the client"))
	var tr Tracker
	got := say(&tr, w.packets)
	want := []string{`s text "from the server" = text "from the server"`, `c text "from the client" = text "from the client"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	e := add(&tr, &w.packets[1])
	if e.Conversation.Started || e.Conversation.Client.Port() != 60653 || e.RelSeq != 1 {
		t.Errorf("got %+v", e)
	}
}

// What is made of a connection does not depend on its initial sequence numbers,
// wherever the capture begins and whichever packet it lacks.
func TestTrackerWithAnySequenceNumbers(t *testing.T) {
	made := func(base [2]uint32, from, without int) (lines []string) {
		w := newWire(t)
		w.seq = base
		w.upgrade()
		for i := range 3 {
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, fmt.Sprint("from the server ", i)))
			w.send(Client, tcp.ACK, "")
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, fmt.Sprint("from the client ", i)))
			w.send(Server, tcp.ACK, "")
			w.send(Server, tcp.ACK, "")
		}
		if without >= 0 {
			w.packets = slices.Delete(w.packets, without, without+1)
		}
		var tr Tracker
		for i := range w.packets[from:] {
			e := add(&tr, &w.packets[from+i])
			rel := e.RelSeq
			if e.Segment.Flags&tcp.ACK != 0 {
				rel += e.RelAck << 16
			}
			lines = append(lines, fmt.Sprintf("packet %d: kind %d, numbers %#x, %d lost, %d units, %d acknowledged", from+i, e.Kind, rel, e.Lost, len(e.Units), len(e.Acked)))
		}
		return lines
	}
	packets := len(made([2]uint32{1, 1}, 0, -1))
	for _, base := range [][2]uint32{{1 << 31, 1 << 31}, {3 << 30, 5}, {5, 3 << 30}, {1<<31 - 300, 1<<31 - 100}, {1<<32 - 300, 1<<32 - 100}} {
		for from := range packets - 1 {
			for without := -1; without < packets-1; without++ {
				if got, want := made(base, from, without), made([2]uint32{1, 1}, from, without); !slices.Equal(got, want) {
					t.Fatalf("with %v, from packet %d, without %d:\n%s\nand not\n%s", base, from, without, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
	}
}

func TestTrackerCutShort(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "a text that is cut"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "next"))
	cut := &w.packets[7]
	cut.Data = cut.Data[:len(cut.Data)-12]
	got := say(new(Tracker), w.packets)
	want := append(slices.Clone([]string{"c GET / HTTP/1.1", "s HTTP/1.1 101 Switching Protocols"}),
		`c text "a text" cut`, `c text "next" = text "next"`)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTrackerSamePortsAgain(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.seq = [2]uint32{5, 6}
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "again"))
	var tr Tracker
	got := say(&tr, w.packets)
	if len(got) != 5 || got[4] != `c text "again" = text "again"` {
		t.Errorf("got %q", got)
	}
	if e := add(&tr, &w.packets[len(w.packets)-1]); e.Conversation.Number != 1 {
		t.Errorf("conversation %d, want 1", e.Conversation.Number)
	}
}

func TestTrackerMemoryIsBounded(t *testing.T) {
	var tr Tracker
	for i := range 3 * maxConversations {
		p := rawSegment([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}, uint32(i), make([]byte, 1000))
		add(&tr, &p)
		early := rawSegment([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}, uint32(i)+5000, make([]byte, 1400))
		add(&tr, &early)
	}
	if len(tr.conversations) > maxConversations {
		t.Errorf("%d conversations are held, more than %d", len(tr.conversations), maxConversations)
	}
	sum := 0
	for _, c := range tr.conversations {
		sum += c.weight()
	}
	if sum != tr.buffered || sum > maxBuffered+1<<20 {
		t.Errorf("holds %d bytes, counted %d, allowed %d", sum, tr.buffered, maxBuffered)
	}
}

func rawSegment(src [4]byte, seq uint32, payload []byte) capture.Packet {
	b := make([]byte, 40, 40+len(payload))
	b[0], b[8], b[9] = 0x45, 64, 6
	total := 40 + len(payload)
	b[2], b[3] = byte(total>>8), byte(total)
	copy(b[12:], src[:])
	copy(b[16:], []byte{10, 0, 0, 1})
	b[20], b[21], b[22], b[23] = 0xc0, 0x01, 0x1c, 0x68
	b[24], b[25], b[26], b[27] = byte(seq>>24), byte(seq>>16), byte(seq>>8), byte(seq)
	b[32], b[33] = 0x50, byte(tcp.PSH|tcp.ACK)
	b = append(b, payload...)
	return capture.Packet{LinkType: capture.Raw, Length: len(b), Data: b}
}

func FuzzTracker(f *testing.F) {
	f.Add([]byte(masked(true, Text, "hi")), []byte(plain(true, Text, "hi")), uint32(3), true)
	f.Add([]byte(upgradeRequest), []byte(upgradeResponse), uint32(0), false)
	f.Add([]byte(plain(true, Text, "not masked")), []byte(masked(true, Text, "masked")), uint32(3), false)
	f.Add([]byte(sent(0x81, true, 9)("two")+masked(true, Text, "next")), []byte("\x81\xff\xff"), uint32(9), false)
	f.Fuzz(func(t *testing.T, client, server []byte, cut uint32, swap bool) {
		w := newWire(t)
		w.upgrade()
		if len(client) > 60000 || len(server) > 60000 {
			return
		}
		for len(client) > 0 || len(server) > 0 {
			n := int(cut%1400) + 1
			c, s := min(n, len(client)), min(n+7, len(server))
			w.send(Client, tcp.ACK, string(client[:c]))
			w.send(Server, tcp.ACK, string(server[:s]))
			client, server = client[c:], server[s:]
		}
		if n := len(w.packets); swap && n > 9 {
			w.packets[n-1], w.packets[n-3] = w.packets[n-3], w.packets[n-1]
		}
		var tr Tracker
		for i := range w.packets {
			e := add(&tr, &w.packets[i])
			for _, u := range e.Units {
				if u.Kind == FrameUnit && !u.Frame.Cut && uint64(len(u.Frame.Payload)) != u.Frame.Length {
					t.Fatalf("a whole frame of %d bytes has %d", u.Frame.Length, len(u.Frame.Payload))
				}
				if (u.Kind == BrokenUnit) != (u.Frame.Broken != Unbroken) || u.Kind == BrokenUnit && (u.Frame.Message != nil || u.Guess) {
					t.Fatalf("%+v", u)
				}
			}
		}
		sum := 0
		for _, c := range tr.conversations {
			sum += c.weight()
			for _, side := range []Side{Client, Server} {
				u, came, unfinished := c.Unfinished(side)
				if unfinished && (c.Unframed(side) || came >= u.Frame.Length || uint64(len(u.Frame.Payload)) > came) {
					t.Fatalf("%d bytes came of %+v", came, u)
				}
			}
		}
		if sum != tr.buffered {
			t.Fatalf("holds %d bytes, counted %d", sum, tr.buffered)
		}
	})
}

// FuzzDecode reads packets that may be anything.
func FuzzDecode(f *testing.F) {
	p := rawSegment([4]byte{10, 0, 0, 2}, 1, []byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add(uint32(101), p.Data, 0)
	f.Add(uint32(1), append(make([]byte, 12), append([]byte{0x81, 0, 0, 1, 8, 0}, p.Data...)...), 3)
	f.Fuzz(func(t *testing.T, link uint32, data []byte, more int) {
		var tr Tracker
		p := capture.Packet{LinkType: capture.LinkType(link), Length: len(data) + max(0, more%70000), Data: data}
		for range 3 {
			if e := add(&tr, &p); e != nil && len(e.Segment.Payload) > len(data) {
				t.Fatal("payload is longer than the packet")
			}
		}
	})
}

// A capture begun too late does not tell who connected; the server's port does,
// whichever number the client's has.
func TestTrackerKnowsTheServerByItsPort(t *testing.T) {
	w := newWire(t)
	w.ports[Client] = 5000
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
	late := w.packets[6:]
	for port, want := range map[uint16][]string{7272: {`c text "hello" = text "hello"`}, 0: nil} {
		if got := say(&Tracker{ServerPort: port}, late); !slices.Equal(got, want) {
			t.Errorf("server port %d: got %q", port, got)
		}
	}
}

// Where a short snaplen cut the handshake and the frames, each frame is found by
// its length on the wire.
func TestTrackerFindsFramesCutShort(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello everybody"))
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "good")+plain(true, Text, "hello everybody"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "well"))
	for i := range w.packets {
		p := &w.packets[i]
		p.Data = p.Data[:min(len(p.Data), 40+11)]
	}
	want := []string{`c text "hello" cut`, `s text "good" = text "good"`, `s text "hel" cut`, `c text "well" = text "well"`}
	if got := say(new(Tracker), w.packets); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A window of 0 is told, what asks whether it is open again is no keep-alive, and a
// reset's window says nothing.
func TestTrackerTellsAShutWindow(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	var tr Tracker
	for i := range w.packets {
		add(&tr, &w.packets[i])
	}
	probe := func(from Side) {
		w.seq[from]--
		w.send(from, tcp.ACK, "")
		w.seq[from]++
	}
	for i, tt := range []struct {
		from         Side
		flags        tcp.Flags // 0: one byte or none before what is due
		window       uint16
		kind         Kind
		shut, opened bool
	}{
		{Server, 0, 256, KeepAlive, false, false},
		{Client, tcp.ACK, 0, DuplicateACK, true, false},
		{Server, 0, 256, WindowProbe, false, false},
		{Client, 0, 0, KeepAlive, true, false},
		{Client, tcp.ACK, 256, DuplicateACK, false, true},
		{Server, 0, 256, KeepAlive, false, false},
		{Client, tcp.ACK, 0, DuplicateACK, true, false},
		{Client, tcp.RST | tcp.ACK, 0, Plain, false, false},
	} {
		if w.window = tt.window; tt.flags == 0 {
			probe(tt.from)
		} else {
			w.send(tt.from, tt.flags, "")
		}
		e := add(&tr, &w.packets[len(w.packets)-1])
		if e.Kind != tt.kind || e.Shut != tt.shut || e.Opened != tt.opened {
			t.Errorf("%d: kind %d, shut %v, opened %v", i, e.Kind, e.Shut, e.Opened)
		}
	}
}
