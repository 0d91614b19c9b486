package stage

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// documentedConnections are two connections as the scenario has them.
var documentedConnections = []Connection{
	{60584, 7272, 2420608352, 1720712737, []int{715, -156, 34, -76}},
	{60653, 7272, 3524290970, 692696454, []int{715, -156, 38, -110, -79, 58, -102}},
}

// prepare opens a namespace with the connections prepared, or skips the test.
func prepare(t *testing.T, connections ...Connection) Stage {
	t.Helper()
	s := open(t, Namespace)
	prepareAll(t, s, connections)
	return s
}

func prepareAll(t *testing.T, s Stage, connections []Connection) {
	t.Helper()
	err := s.(Preparer).Prepare(t.Context(), connections)
	if errors.Is(err, fs.ErrPermission) {
		t.Skipf("%v; give CAP_NET_ADMIN over the namespace", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A prepared connection has the numbers that were asked for, a SYN as that of 2014
// and one window; what came before it is not in the capture.
func TestPrepared(t *testing.T) {
	s := prepare(t, documentedConnections...)
	packets, err := s.Capture()
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	l := listening(t, s, 7272)
	for _, c := range documentedConnections {
		accepted := make(chan net.Conn, 1)
		go func() {
			if c, err := l.Accept(); err == nil {
				accepted <- c
			}
		}()
		client, err := s.Dial(t.Context(), c.From, c.To)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		server := <-accepted
		defer server.Close()
		for _, size := range c.Sizes {
			from, to := client, server
			if size < 0 {
				from, to, size = server, client, -size
			}
			if _, err := from.Write(make([]byte, size)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(to, make([]byte, size)); err != nil {
				t.Fatal(err)
			}
		}
	}
	syns, bytes := 0, 0
	for _, c := range documentedConnections {
		for _, size := range c.Sizes {
			bytes += max(size, -size)
		}
	}
	var p capture.Packet
	var seg dissect.Segment
	for bytes > 0 {
		if err := packets.Read(&p); err != nil {
			t.Fatal(err)
		}
		if err := seg.Decode(&p); err != nil {
			t.Fatal(err)
		}
		bytes -= seg.Length
		c := documentedConnections[0]
		if seg.Src.Port() == documentedConnections[1].From || seg.Dst.Port() == documentedConnections[1].From {
			c = documentedConnections[1]
		}
		isn := c.ISNFrom
		if seg.Src.Port() == c.To {
			isn = c.ISNTo
		}
		if seg.Src.Port() != c.From && seg.Dst.Port() != c.From {
			t.Errorf("a packet %v > %v", seg.Src, seg.Dst)
		}
		window := uint16(256)
		if seg.Flags&tcp.SYN != 0 {
			syns++
			window = 32768
			if seg.Seq != isn {
				t.Errorf("%v begins with %d, want %d", seg.Src, seg.Seq, isn)
			}
			if echo(seg.Options) == 0 {
				t.Errorf("the %v of %v echoes no timestamp", seg.Flags, seg.Src)
			}
		}
		if seg.Window != window {
			t.Errorf("%v > %v, %v, %d bytes: window %d", seg.Src, seg.Dst, seg.Flags, seg.Length, seg.Window)
		}
	}
	if syns != 2*len(documentedConnections) {
		t.Errorf("%d packets with SYN", syns)
	}
}

// Another kernel wants another buffer, and it is found.
func TestFindBuffer(t *testing.T) {
	for _, guess := range []int{30_000, 50_000} {
		s := prepare(t, documentedConnections...).(*namespaceStage)
		buffer, err := s.findBuffer(t.Context(), documentedConnections, guess)
		if err != nil || buffer == 0 || buffer == guess {
			t.Errorf("from %d it comes to %d, %v", guess, buffer, err)
		}
	}
}

// echo gives the timestamp that a segment echoes.
func echo(options []byte) uint32 {
	for o, err := range tcp.Options(options) {
		if _, ecr, ok := o.Timestamps(); ok && err == nil {
			return ecr
		}
	}
	return 0
}

// Preparing is quick; on a machine that is busy it is so at its best.
func TestPrepareIsQuick(t *testing.T) {
	const most = 50 * time.Millisecond
	best := time.Hour
	for range 5 {
		s := open(t, Namespace)
		begun := time.Now()
		prepareAll(t, s, documentedConnections)
		took := time.Since(begun)
		t.Logf("%v", took)
		if best = min(best, took); best < most {
			return
		}
	}
	t.Errorf("it takes %v at its best", best)
}
