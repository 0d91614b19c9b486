package gateway

import (
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// late is a connection whose writer was held up between setting a deadline and
// writing, the first time.
type late struct {
	net.Conn
	over bool
}

func (c *late) Write(p []byte) (int, error) {
	if !c.over {
		c.over = true
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Write(p)
}

// A client that has room gets all at once, also when the machine had no time for
// us in between. One that has none costs a moment, and one that reads half of it
// gets the half.
func TestDeadlineWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		defer client.Close()
		var q sendQueue
		q.init(&late{Conn: server}, 1<<10)
		read := make(chan string)
		go func() {
			b, _ := io.ReadAll(io.LimitReader(client, 5))
			read <- string(b)
		}()
		if n, err := q.socket.write([]byte("hello")); n != 5 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if got := <-read; got != "hello" {
			t.Errorf("read %q", got)
		}
		began := time.Now()
		if n, err := q.socket.write([]byte("hello")); n != 0 || err != nil {
			t.Errorf("nobody reads: %d, %v", n, err)
		}
		if took := time.Since(began); took > 2*maxWriteWait {
			t.Errorf("nobody reads: %v", took)
		}
		go func() {
			b, _ := io.ReadAll(io.LimitReader(client, 2))
			read <- string(b)
		}()
		if n, err := q.socket.write([]byte("hello")); n != 2 || err != nil {
			t.Errorf("half is read: %d, %v", n, err)
		}
		<-read
		client.Close()
		if _, err := q.socket.write([]byte("hello")); err == nil {
			t.Error("nobody is there, and that is no error")
		}
	})
}
