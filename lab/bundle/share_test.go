package bundle

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// Who has as many connections as they may gets no more until one ends; others do.
func TestShareOfAnAddress(t *testing.T) {
	inner, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := share(inner, 2)
	defer l.Close()
	accepted := make(chan net.Conn, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "x")
			accepted <- c
		}
	}()
	dial := func(from string) (admitted bool) {
		t.Helper()
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		c, err := d.Dial("tcp4", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(time.Minute))
		_, err = c.Read(make([]byte, 1))
		var waited net.Error
		if errors.As(err, &waited) && waited.Timeout() {
			t.Fatal(err)
		}
		return err == nil
	}
	for i, want := range []bool{true, true, false, false} {
		if got := dial("127.0.0.1"); got != want {
			t.Errorf("connection %d: %v", i, got)
		}
	}
	first, second := <-accepted, <-accepted
	if !dial("127.0.0.2") {
		t.Error("another address is refused")
	}
	first.Close()
	first.Close()
	if !dial("127.0.0.1") || dial("127.0.0.1") {
		t.Error("a connection that ended makes no room, or room for two")
	}
	second.Close()
}
