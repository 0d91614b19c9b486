package stage

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// The connections behave as package net's.
func TestUserspaceConns(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		s, err := Open(Userspace)
		if err != nil {
			return nil, nil, nil, err
		}
		l, err := s.Listen(0)
		if err != nil {
			return nil, nil, nil, err
		}
		if c1, err = s.Dial(context.Background(), 0, stagePort(l)); err != nil {
			return nil, nil, nil, err
		}
		if c2, err = l.Accept(); err != nil {
			return nil, nil, nil, err
		}
		// Stage.Dial's own way to close gives up what is not yet read.
		err = c1.(*stackConn).SetLinger(-1)
		return c1, c2, func() { s.Close() }, err
	})
}

func TestUserspaceErrors(t *testing.T) {
	s := open(t, Userspace)
	l, err := s.Listen(7272)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Listen(7272); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a second listener: %v", err)
	}
	if _, err := s.Dial(t.Context(), 60653, 7273); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("nobody listens: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Dial(cancelled, 0, 7272); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	c, err := s.Dial(t.Context(), 60653, 7272)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Dial(t.Context(), 60653, 7272); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("the same ports twice: %v", err)
	}
	c.SetReadDeadline(time.Now().Add(-time.Second))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("too late: %v", err)
	}
	c.Close()
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
	if err := c.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	// Closing reset it: its port is free at once.
	if c, err = s.Dial(t.Context(), 60653, 7272); err != nil {
		t.Fatal(err)
	}
	if c.LocalAddr().String() != "127.0.0.1:60653" || c.RemoteAddr().String() != "127.0.0.1:7272" {
		t.Errorf("%v to %v", c.LocalAddr(), c.RemoteAddr())
	}
	accepting := make(chan error)
	go func() {
		for {
			if _, err := l.Accept(); err != nil {
				accepting <- err
				return
			}
		}
	}()
	l.Close()
	if err := <-accepting; !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept after close: %v", err)
	}
	if _, err := s.Listen(7272); err != nil {
		t.Errorf("the port of a closed listener: %v", err)
	}
}

// The handshake has the loopback of 2014's options and windows.
func TestUserspaceIsOf2014(t *testing.T) {
	s := open(t, Userspace)
	packets, err := s.Capture()
	if err != nil {
		t.Fatal(err)
	}
	listening(t, s, 7272)
	before := time.Now()
	if _, err := s.Dial(t.Context(), 60653, 7272); err != nil {
		t.Fatal(err)
	}
	var p capture.Packet
	var seg dissect.Segment
	for i, window := range []uint16{32768, 32768, 256} {
		if err := packets.Read(&p); err != nil {
			t.Fatal(err)
		}
		if err := seg.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if seg.Window != window {
			t.Errorf("packet %d: window %d, want %d", i+1, seg.Window, window)
		}
		// mss 16396,sackOK,TS,nop,wscale 7
		if o := seg.Options; i < 2 && (len(o) != 20 || string(o[:6]) != "\x02\x04\x40\x0c\x04\x02" || string(o[16:]) != "\x01\x03\x03\x07") {
			t.Errorf("packet %d: options % x", i+1, o)
		}
		const dontFragment = 0x40
		if p.LinkType != capture.Raw || p.Direction != capture.DirectionIn || p.Interface != "lo" || p.Length != len(p.Data) ||
			p.Time.Before(before.Add(-time.Second)) || p.Time.After(time.Now().Add(time.Second)) {
			t.Errorf("packet %d: %+v", i+1, p)
		}
		// What Linux's loopback leaves in it for 40 bytes of TCP, and for 32.
		sum := map[bool]uint16{true: 0xfe30, false: 0xfe28}[i < 2]
		if got := binary.BigEndian.Uint16(p.Data[36:]); got != sum {
			t.Errorf("packet %d: checksum %#x, want %#x", i+1, got, sum)
		}
		if ttl, flags := p.Data[8], p.Data[6]; ttl != 64 || flags != dontFragment {
			t.Errorf("packet %d: ttl %d, flags %#x", i+1, ttl, flags)
		}
	}
	if err := packets.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packets.Read(&p); !errors.Is(err, os.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
}

// A capture that nobody reads keeps a bounded part, and counts the rest.
func TestUserspaceCaptureIsBounded(t *testing.T) {
	s := open(t, Userspace)
	packets, err := s.Capture()
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Dial(t.Context(), 0, stagePort(l))
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, server)
	b := make([]byte, 1<<20)
	for range 2 * tapBuffer / len(b) {
		if _, err := c.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	stats := packets.(interface{ Stats() capture.Stats }).Stats()
	if stats.Dropped == 0 || stats.Dropped >= stats.Received || packets.(*tap).size > tapBuffer {
		t.Errorf("%+v, %d bytes kept", stats, packets.(*tap).size)
	}
}

// When the stage is closed, everything on it ends, and nothing is left: no
// goroutine, and nothing that the link remembers.
func TestUserspaceEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Open(Userspace)
	if err != nil {
		t.Fatal(err)
	}
	u := s.(*userspaceStage)
	l, err := s.Listen(7272)
	if err != nil {
		t.Fatal(err)
	}
	dial := func() (client, server net.Conn) {
		t.Helper()
		client, err := s.Dial(t.Context(), 0, 7272)
		if err != nil {
			t.Fatal(err)
		}
		if server, err = l.Accept(); err != nil {
			t.Fatal(err)
		}
		return client, server
	}
	// Closed politely, in either order, and by a reset: forgotten.
	for _, end := range []func(client, server net.Conn){
		func(c, s net.Conn) { c.(halfCloser).CloseWrite(); io.ReadAll(s); s.Close(); io.ReadAll(c); c.Close() },
		func(c, s net.Conn) { s.Close(); io.ReadAll(c); c.(halfCloser).CloseWrite(); c.Close() },
		func(c, s net.Conn) { c.Close(); s.Read(make([]byte, 1)); s.Close() },
	} {
		end(dial())
	}
	for deadline := time.Now().Add(longest); ; time.Sleep(time.Millisecond) {
		u.link.mu.Lock()
		left := len(u.link.acks.senders)
		u.link.mu.Unlock()
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the link remembers %d ends of connections that are over", left)
		}
	}
	// One stays open, one waits to be accepted, one is half closed.
	client, _ := dial()
	if _, err := s.Dial(t.Context(), 0, 7272); err != nil {
		t.Fatal(err)
	}
	half, _ := dial()
	half.(halfCloser).CloseWrite()
	packets, err := s.Capture()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 3)
	go func() { _, err := client.Read(make([]byte, 1)); ended <- err }()
	go func() { _, err := l.Accept(); ended <- err; _, err = l.Accept(); ended <- err }()
	go func() {
		var p capture.Packet
		for packets.Read(&p) == nil {
		}
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range cap(ended) {
		if <-ended != nil {
			failed++
		}
	}
	if failed < 2 {
		t.Errorf("%d of the calls that waited fail", failed)
	}
	if _, err := s.Dial(t.Context(), 0, 7272); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dial on a closed stage: %v", err)
	}
	if _, err := s.Capture(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("capture on a closed stage: %v", err)
	}
	noMoreGoroutines(t, before)
}
