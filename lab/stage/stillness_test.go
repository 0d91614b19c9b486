package stage

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"

	"chatlab/sniffer/capture"
)

// virtually is a connection on a virtual stage, whose server's end nobody uses yet.
type virtually struct {
	t              *testing.T
	stage          *userspaceStage
	listener       net.Listener
	client, server *stackConn
}

func openVirtual(t *testing.T, fate func(*Passing) Fate) *userspaceStage {
	t.Helper()
	s, err := OpenVirtual(Virtual{Start: clockStart, Secrets: newSeedReader(&Seed{}), Fate: fate})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*userspaceStage)
}

func newVirtually(t *testing.T, fate func(*Passing) Fate) *virtually {
	t.Helper()
	v := &virtually{t: t, stage: openVirtual(t, fate)}
	v.listener = listening(t, v.stage, 7272)
	v.client = v.dial(60653)
	v.server = v.accept()
	return v
}

func (v *virtually) dial(from uint16) *stackConn {
	v.t.Helper()
	c, err := v.stage.Dial(v.t.Context(), from, 7272)
	if err != nil {
		v.t.Fatal(err)
	}
	return c.(*stackConn)
}

func (v *virtually) accept() *stackConn {
	v.t.Helper()
	c, err := v.listener.Accept()
	if err != nil {
		v.t.Fatal(err)
	}
	return c.(*stackConn)
}

func (v *virtually) write(c net.Conn, text string) {
	v.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		v.t.Fatal(err)
	}
}

// read reads as much as text is long, and compares.
func (v *virtually) read(c net.Conn, text string) {
	v.t.Helper()
	b := make([]byte, len(text))
	if _, err := io.ReadFull(c, b); err != nil || string(b) != text {
		v.t.Fatalf("read %q, %v, want %q", b, err, text)
	}
}

// discards reads what comes, in a goroutine.
func discards(c net.Conn) { go io.Copy(io.Discard, c) }

// witness is a part that is always still, and says that it was asked: a clock that
// waits asks again and again.
type witness chan struct{}

func (w witness) state() state {
	select {
	case w <- struct{}{}:
	default:
	}
	return resting
}

// standsUntil checks that the clock stands though somebody waits, until let.
func (v *virtually) standsUntil(let func()) {
	v.t.Helper()
	clock := v.stage.link.virtual
	// What is on its way comes first. Its packets take some time.
	v.stage.still.drain()
	before := clock.Now()
	asked := make(witness)
	clock.still.join(asked)
	defer clock.still.leave(asked)
	waited := make(chan error, 1)
	go func() { waited <- clock.Wait(v.t.Context(), time.Second, nil) }()
	for range 5 {
		select {
		case <-asked:
		case <-waited:
			v.t.Fatalf("the clock has moved by %v", clock.Now().Sub(before))
		}
	}
	if d := clock.Now().Sub(before); d > 100*packetTime {
		v.t.Errorf("the clock has moved by %v", d)
	}
	let()
	if err := <-waited; err != nil {
		v.t.Error(err)
	}
	if d := clock.Now().Sub(before); d < time.Second {
		v.t.Errorf("the clock has moved by %v in the end", d)
	}
}

// moves checks that the clock does not wait for anybody.
func (v *virtually) moves() {
	v.t.Helper()
	before := v.stage.clock.Now()
	if err := v.stage.clock.Wait(v.t.Context(), time.Second, nil); err != nil {
		v.t.Error(err)
	}
	if d := v.stage.clock.Now().Sub(before); d < time.Second {
		v.t.Errorf("the clock has moved by %v", d)
	}
}

// The clock waits for who accepted a connection, until it waits for more.
func TestVirtualClockWaitsForTheServer(t *testing.T) {
	for name, does := range map[string]func(v *virtually){
		"it has not read yet": func(v *virtually) {
			v.standsUntil(func() { discards(v.server) })
		},
		"nor will it": func(v *virtually) {
			v.standsUntil(func() { v.server.Close() })
		},
		"it does something between two reads": func(v *virtually) {
			v.write(v.client, "text")
			v.read(v.server, "text")
			v.standsUntil(func() { discards(v.server) })
		},
		"it has written, and not read yet": func(v *virtually) {
			v.write(v.server, "text")
			v.standsUntil(func() { discards(v.server) })
		},
		"it was not woken yet": func(v *virtually) {
			reads := func() tcpip.Error {
				_, err := v.server.user.Read(io.Discard, tcpip.ReadOptions{})
				return err
			}
			if err, ok := reads().(*tcpip.ErrWouldBlock); !ok {
				v.t.Fatal(err)
			}
			v.moves()
			v.write(v.client, "text")
			v.standsUntil(func() {
				for reads() == nil {
				}
			})
		},
		"it has not accepted yet": func(v *virtually) {
			discards(v.server)
			v.dial(60584)
			v.standsUntil(func() { discards(v.accept()) })
		},
		"nobody waits for who dialled": func(v *virtually) {
			discards(v.server)
			v.moves()
			v.write(v.server, "unread")
			v.moves()
			v.read(v.client, "unread")
			v.moves()
		},
	} {
		t.Run(name, func(t *testing.T) { does(newVirtually(t, nil)) })
	}
}

// The clock waits for who captures, until it waits for the next packet.
func TestVirtualClockWaitsForCaptures(t *testing.T) {
	for name, does := range map[string]func(v *virtually, packets Capture){
		"nobody reads, and there is nothing": func(v *virtually, packets Capture) {
			v.moves()
		},
		"nobody reads": func(v *virtually, packets Capture) {
			v.write(v.client, "text")
			v.standsUntil(func() { packets.Close() })
		},
		"one is read, and one is left": func(v *virtually, packets Capture) {
			v.write(v.client, "text")
			v.captures(packets, 1)
			v.standsUntil(func() { v.captures(packets, 1); go packets.Read(new(capture.Packet)) })
		},
		"the last is looked at": func(v *virtually, packets Capture) {
			v.write(v.client, "text")
			v.captures(packets, 2)
			v.standsUntil(func() { go packets.Read(new(capture.Packet)) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVirtually(t, nil)
			discards(v.server)
			packets, err := v.stage.Capture()
			if err != nil {
				t.Fatal(err)
			}
			does(v, packets)
		})
	}
}

// captures reads some packets.
func (v *virtually) captures(packets Capture, n int) {
	v.t.Helper()
	for range n {
		if err := packets.Read(new(capture.Packet)); err != nil {
			v.t.Fatal(err)
		}
	}
}

// Who waits to write more than the other side takes is still.
func TestVirtualClockDoesNotWaitForAFullWindow(t *testing.T) {
	v := newVirtually(t, nil)
	discards(v.server)
	const size = 2 << 20 // two send buffers
	wrote := make(chan struct{})
	var failed error
	go func() {
		defer close(wrote)
		_, failed = v.server.Write(make([]byte, size))
	}()
	until(t, "the window is full", func() bool {
		v.server.user.mu.Lock()
		defer v.server.user.mu.Unlock()
		return v.server.user.writer == waits
	})
	v.moves()
	select {
	case <-wrote:
		t.Fatalf("it wrote all, %v", failed)
	default:
	}
	discards(v.client)
	if err := v.stage.clock.Wait(t.Context(), time.Hour, wrote); err != nil {
		t.Error(err)
	}
	<-wrote
	if failed != nil {
		t.Error(failed)
	}
}

// Who waits on a stage does not wait for ever when it is closed meanwhile, or was.
func TestVirtualClockOfAClosedStage(t *testing.T) {
	v := newVirtually(t, nil)
	waited := make(chan error, 1)
	asked := make(restless)
	v.stage.still.join(asked)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { waited <- v.stage.clock.Wait(ctx, time.Second, nil) }()
	<-asked
	v.stage.Close()
	<-asked // it still asks
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	v.stage.still.leave(asked)
	v.server.Close()
	v.moves()
}
