package server

import (
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// gated is the server's end of a connection, on which what it writes waits for
// the gate while there is one.
type gated struct {
	net.Conn
	mu   sync.Mutex
	gate chan struct{}
}

func (g *gated) shut() (open func()) {
	gate := make(chan struct{})
	g.mu.Lock()
	g.gate = gate
	g.mu.Unlock()
	return func() { close(gate) }
}

func (g *gated) Write(b []byte) (int, error) {
	g.mu.Lock()
	gate := g.gate
	g.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return g.Conn.Write(b)
}

// held brings a speaker and a listener into a room of 2014, and a third between
// them, whose connection it stops in the middle of the speaker's last words: the
// speaker has heard them, the listener has not. release lets them go on.
func held(t *testing.T, speaker, listener *peer, l *dialled) (release func()) {
	t.Helper()
	var stopped *gated
	between := l.connect(t, plenty, func(c net.Conn) net.Conn {
		stopped = &gated{Conn: c}
		return stopped
	})
	between.shakeHands()
	between.login("between")
	speaker.login("speaker")
	listener.say(`{"type":"login","client_name":"listener","room_id":1}`)
	listener.hear()
	speaker.hear()
	release = stopped.shut()
	speaker.say(`{"type":"say","to_uid":"all","content":"last words"}`)
	saysContent(t, speaker, "last words")
	return release
}

// Who goes to another room hears first what was still to be heard in the one
// before.
func TestMoveFollowsWhatWasSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := serveBubble(t, Options{})
		listener := l.dial(t)
		release := held(t, l.dial(t), listener, l)
		listener.say(`{"type":"login","client_name":"listener","room_id":2}`)
		synctest.Wait() // the server has done all it does before the release
		release()
		saysContent(t, listener, "last words")
		if got := listener.hear(); !strings.Contains(got, "client_list") {
			t.Errorf("heard %s", got)
		}
	})
}

// What was said before the end is heard before the end, of a listener as of a round. The
// one who is waited for is at another listener, which does not end.
func TestCloseFollowsWhatWasSaid(t *testing.T) {
	for code, end := range map[int]func(*Server, func() error) error{
		1001: func(_ *Server, stop func() error) error { return stop() },
		1012: func(srv *Server, _ func() error) error {
			srv.Clean("")
			return nil
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			srv := New(Options{})
			lasting, _ := serveMore(t, srv)
			ending, stop := serveMore(t, srv)
			listener := ending.dial(t)
			release := held(t, ending.dial(t), listener, lasting)
			ended := make(chan error, 1)
			go func() { ended <- end(srv, stop) }()
			synctest.Wait()
			release()
			saysContent(t, listener, "last words")
			if got, _ := listener.closed(); got != code {
				t.Errorf("closed with %d, want %d", got, code)
			}
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}
