package stage

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/faketime"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/seqnum"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// conversation is a connection on a stack whose clock stands still.
type conversation struct {
	t              *testing.T
	clock          *faketime.ManualClock
	packets        Capture
	client, server net.Conn
	port           uint16 // the server's
}

func newConversation(t *testing.T, delay time.Duration) *conversation {
	t.Helper()
	k := &conversation{t: t, clock: faketime.NewManualClock()}
	// At its beginning a clock of gVisor's shows the zero time, which stands for
	// none.
	k.clock.Advance(time.Hour)
	u, err := newUserspace(k.clock, nil, delay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	if k.packets, err = u.Capture(); err != nil {
		t.Fatal(err)
	}
	l, err := u.Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	k.port = stagePort(l)
	if k.client, err = u.Dial(t.Context(), 0, k.port); err != nil {
		t.Fatal(err)
	}
	if k.server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	k.sees("S", "S. of the server", ".")
	return k
}

// say sends text from one end to the other.
func (k *conversation) say(from, to net.Conn, text string) {
	k.t.Helper()
	if _, err := io.WriteString(from, text); err != nil {
		k.t.Fatal(err)
	}
	if _, err := io.ReadFull(to, make([]byte, len(text))); err != nil {
		k.t.Fatal(err)
	}
}

// sees reads as many packets, and compares their flags and who sent them.
func (k *conversation) sees(want ...string) {
	k.t.Helper()
	overdue := time.AfterFunc(longest, func() { k.packets.Close() })
	defer overdue.Stop()
	var got []string
	var p capture.Packet
	var s dissect.Segment
	for range want {
		if err := k.packets.Read(&p); err != nil {
			k.t.Fatalf("captured %s, want %s", strings.Join(got, ", "), strings.Join(want, ", "))
		}
		if err := s.Decode(&p); err != nil {
			k.t.Fatal(err)
		}
		text := s.Flags.String()
		if s.Src.Port() == k.port {
			text += " of the server"
		}
		got = append(got, text)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		k.t.Fatalf("captured %s, want %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

const think = 100 * time.Millisecond // longer than an acknowledgement is delayed

func TestAcknowledgementsAreDelayed(t *testing.T) {
	k := newConversation(t, delayedAckTime)
	// Nothing is known of the server yet: it acknowledges, then answers.
	k.clock.Advance(think)
	k.say(k.client, k.server, "question")
	k.say(k.server, k.client, "answer")
	k.sees("P.", ". of the server", "P. of the server", ".")
	// It answers at once, so its next acknowledgement waits for the answer.
	k.clock.Advance(think)
	k.say(k.client, k.server, "another")
	k.say(k.server, k.client, "one more answer")
	k.say(k.server, k.client, "and one more")
	k.sees("P.", "P. of the server", ".", "P. of the server", ".")
	// No answer: the acknowledgement passes alone, when its time is over,
	k.clock.Advance(think)
	k.say(k.client, k.server, "never answered")
	k.clock.Advance(delayedAckTime)
	k.sees("P.", ". of the server")
	// and the next one waits no more.
	k.clock.Advance(think)
	k.say(k.client, k.server, "hello?")
	k.say(k.server, k.client, "yes")
	k.sees("P.", ". of the server", "P. of the server", ".")
}

// Without the link's delay gVisor's stack acknowledges each segment at once.
func TestAcknowledgementsAreNotDelayed(t *testing.T) {
	k := newConversation(t, 0)
	for range 2 {
		k.clock.Advance(think)
		k.say(k.client, k.server, "question")
		k.say(k.server, k.client, "answer")
		k.sees("P.", ". of the server", "P. of the server", ".")
	}
}

// A write returns when the other end's TCP has taken what was written, so that
// of two messages in a row each is acknowledged before the next.
func TestWritesSettle(t *testing.T) {
	k := newConversation(t, delayedAckTime)
	b := make([]byte, 8)
	for range 4 { // 8 segments: an initial congestion window has 10 (RFC 6928)
		io.WriteString(k.server, "one ")
		io.WriteString(k.server, "two ")
		if _, err := io.ReadFull(k.client, b); err != nil {
			t.Fatal(err)
		}
		k.sees("P. of the server", ".", "P. of the server", ".")
	}
}

// What an end that is interactive sends is held only if it does nothing but
// acknowledge.
func TestWhatIsHeld(t *testing.T) {
	const ack, timestamps = header.TCPFlagAck, header.TCPMinimumSize + 12
	here := flow{1, 2}
	for _, tt := range []struct {
		name string
		segment
		held bool
	}{
		{"an acknowledgement", segment{ack: 200, flags: ack, headerSize: timestamps}, true},
		{"without timestamps", segment{ack: 200, flags: ack, headerSize: header.TCPMinimumSize}, true},
		{"with SACK blocks", segment{ack: 200, flags: ack, headerSize: timestamps + 12}, false},
		{"a repeated one, or a window update", segment{ack: 100, flags: ack, headerSize: timestamps}, false},
		{"two full segments", segment{ack: 100 + 2*16396, flags: ack, headerSize: timestamps}, false},
		{"data", segment{ack: 200, flags: ack | header.TCPFlagPsh, headerSize: timestamps, length: 1}, false},
		{"FIN", segment{ack: 200, flags: ack | header.TCPFlagFin, headerSize: timestamps}, false},
		{"RST", segment{ack: 200, flags: ack | header.TCPFlagRst, headerSize: timestamps}, false},
	} {
		timers := 0
		d := &ackDelayer{
			delay: delayedAckTime, senders: make(map[flow]*sender),
			afterFunc: func(time.Duration, func() []byte) tcpip.Timer { timers++; return idleTimer{} },
		}
		d.track(&segment{flow: here, ack: 100})
		d.senders[here].interactive = true
		tt.segment.flow = here
		if pass := d.pass(&tt.segment, tcpip.MonotonicTime{}); pass == tt.held || timers > 0 != tt.held {
			t.Errorf("%s: passes: %v; timers: %d", tt.name, pass, timers)
		}
	}
	// Of two that wait the later one is enough.
	timers := 0
	d := &ackDelayer{
		delay: delayedAckTime, senders: make(map[flow]*sender),
		afterFunc: func(time.Duration, func() []byte) tcpip.Timer { timers++; return idleTimer{} },
	}
	d.track(&segment{flow: here, ack: 100})
	d.senders[here].interactive = true
	for _, number := range []seqnum.Value{200, 300} {
		if d.pass(&segment{flow: here, ack: number, flags: ack, headerSize: timestamps}, tcpip.MonotonicTime{}) {
			t.Errorf("acknowledgement %d passes", number)
		}
	}
	if held := d.senders[here].held.ack; held != 300 {
		t.Errorf("%d is held", held)
	}
	if timers != 1 {
		t.Errorf("%d timers for one end", timers)
	}
}

type idleTimer struct{}

func (idleTimer) Stop() bool          { return true }
func (idleTimer) Reset(time.Duration) {}
