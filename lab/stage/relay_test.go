package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"chatlab/chatserver/server"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/listen"
	"chatlab/webclient/site"
)

// relayed are the stages that need a relay.
func relayed() (names []string) {
	for _, name := range Names {
		if name != Host {
			names = append(names, name)
		}
	}
	return names
}

// serve opens a relay and serves it to the end of the test, or until the
// returned function is called.
func serve(t *testing.T, s Stage, o RelayOptions) (*Relay, func()) {
	t.Helper()
	o.Host = "127.0.0.1"
	r, err := OpenRelay(s, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		r.Serve(ctx)
		close(done)
	}()
	ended := false
	stop := func() {
		if ended {
			return
		}
		ended = true
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return r, stop
}

// pair connects through a relay and gives both ends.
func pair(t *testing.T, r *Relay, l net.Listener) (client *net.TCPConn, server net.Conn) {
	t.Helper()
	c, err := net.Dial("tcp", r.Addr(0).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	deadline := time.Now().Add(longest)
	c.SetDeadline(deadline)
	s.SetDeadline(deadline)
	return c.(*net.TCPConn), s
}

// listen listens in a stage.
func listening(t testing.TB, s Stage, port uint16) net.Listener {
	t.Helper()
	l, err := s.Listen(port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func stagePort(l net.Listener) uint16 { return uint16(l.Addr().(*net.TCPAddr).Port) }

// A browser loads the page and chats, both through the relay; the packets are
// the stage's, and so are the ports in them.
func TestRelayCarriesAChat(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			packets, err := s.Capture()
			if err != nil {
				t.Fatal(err)
			}
			defer packets.Close()
			chat, err := s.Listen(7272)
			if err != nil {
				t.Fatal(err)
			}
			page, err := s.Listen(55151)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() {
				served <- server.New(server.Options{Clock: time.Now, Log: slog.New(slog.DiscardHandler)}).Serve(ctx, chat)
			}()
			web := &http.Server{Handler: site.Handler(site.Options{})}
			go web.Serve(page)
			defer func() {
				web.Close()
				cancel()
				if err := <-served; err != nil {
					t.Error(err)
				}
			}()

			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, 7272}, {0, 55151}}})
			response, err := http.Get("http://" + r.Addr(1).String() + "/")
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != 200 || !bytes.Contains(body, []byte("<html")) {
				t.Fatalf("the page: %s, %v", response.Status, err)
			}
			http.DefaultClient.CloseIdleConnections()

			var browser net.Addr
			dialled := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
				if err == nil {
					browser = c.LocalAddr()
				}
				return c, err
			}}
			ws, _, err := websocket.Dial(ctx, "ws://"+r.Addr(0).String(), &websocket.DialOptions{HTTPClient: &http.Client{Transport: dialled}})
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			if err := ws.Write(ctx, websocket.MessageText, []byte(`{"type":"login","name":"mynick"}`)); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`{"type":"user_list"`, `{"type":"login"`} {
				if _, b, err := ws.Read(ctx); err != nil || !strings.HasPrefix(string(b), want) {
					t.Fatalf("got %s, %v; want %s", b, err, want)
				}
			}
			// On the stage the login is one segment, from a port of which it is known
			// whose it is.
			var p capture.Packet
			var segment dissect.Segment
			var tracker dissect.Tracker
			for {
				if err := packets.Read(&p); err != nil {
					t.Fatal(err)
				}
				if segment.Decode(&p) != nil {
					continue
				}
				e := tracker.Add(&segment)
				if e.Segment.Dst.Port() != 7272 || len(e.Units) == 0 || e.Units[0].Kind != dissect.FrameUnit {
					continue
				}
				client, known := r.Client(e.Segment.Src.Port(), 7272)
				if got := string(e.Units[0].Frame.Message); got != `{"type":"login","name":"mynick"}` || !known || client.String() != browser.String() {
					t.Errorf("%v sends %s, want the login from %v", client, got, browser)
				}
				break
			}
		})
	}
}

// The browser's own port number is used in the stage too.
func TestRelayKeepsThePort(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			c, in := pair(t, r, l)
			if c.LocalAddr().(*net.TCPAddr).Port != in.RemoteAddr().(*net.TCPAddr).Port {
				t.Errorf("%v outside is %v inside", c.LocalAddr(), in.RemoteAddr())
			}
		})
	}
}

// Where the number is taken in the stage it gets another.
func TestRelayPortTakenInside(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			c, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			listening(t, s, stagePort(c))
			c.Close() // its number is free outside
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			from := net.Dialer{LocalAddr: c.Addr()}
			client, err := from.Dial("tcp", r.Addr(0).String())
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			in, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if port := in.RemoteAddr().(*net.TCPAddr).Port; port == int(stagePort(c)) {
				t.Errorf("port %d is used twice", port)
			}
		})
	}
}

func TestRelayHalfClose(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			c, in := pair(t, r, l)
			if _, err := io.WriteString(c, "question"); err != nil {
				t.Fatal(err)
			}
			if err := c.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(in); err != nil || string(b) != "question" {
				t.Fatalf("inside: %q, %v", b, err)
			}
			// The other direction is still open.
			if _, err := io.WriteString(in, "answer"); err != nil {
				t.Fatal(err)
			}
			in.Close()
			if b, err := io.ReadAll(c); err != nil || string(b) != "answer" {
				t.Fatalf("outside: %q, %v", b, err)
			}
		})
	}
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.Errno(10054)) // WSAECONNRESET
}

// A reset on one side is a reset on the other, and not a quiet end.
func TestRelayReset(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l, err := s.Listen(0)
			if err != nil {
				t.Fatal(err)
			}
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			c, in := pair(t, r, l)
			c.SetLinger(0)
			c.Close()
			if n, err := in.Read(make([]byte, 1)); !isReset(err) {
				t.Errorf("the browser resets, inside comes %d, %v", n, err)
			}
			c, in = pair(t, r, l)
			in.(interface{ SetLinger(int) error }).SetLinger(0)
			in.Close()
			if n, err := c.Read(make([]byte, 1)); !isReset(err) {
				t.Errorf("the server resets, outside comes %d, %v", n, err)
			}
			// Nobody listens inside any more.
			l.Close()
			refused, err := net.Dial("tcp", r.Addr(0).String())
			if isReset(err) {
				return // before the kernel had said that it stands
			}
			if err != nil {
				t.Fatal(err)
			}
			defer refused.Close()
			refused.SetDeadline(time.Now().Add(longest))
			if n, err := refused.Read(make([]byte, 1)); !isReset(err) {
				t.Errorf("refused inside, outside comes %d, %v", n, err)
			}
		})
	}
}

// Who does not read makes the sender wait; nothing is lost when reading goes on.
func TestRelaySlowReader(t *testing.T) {
	const size = 64 << 20 // more than all buffers on the way
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			c, in := pair(t, r, l)
			b := make([]byte, 1<<20)
			sent := 0
			for sent < size {
				// As long as some of it is taken within a second, more is sent.
				in.SetWriteDeadline(time.Now().Add(time.Second))
				n, err := in.Write(b)
				sent += n
				if errors.Is(err, os.ErrDeadlineExceeded) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if sent >= size {
				t.Fatalf("%d bytes were taken though nobody reads", sent)
			}
			in.Close()
			if n, err := io.Copy(io.Discard, c); err != nil || int(n) != sent {
				t.Errorf("%d bytes arrived, %v; %d were sent", n, err, sent)
			}
		})
	}
}

// When the relay's time is over nothing is left of it.
func TestRelayEnds(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			s := open(t, name)
			l := listening(t, s, 0)
			r, stop := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			c, in := pair(t, r, l)
			stop()
			for side, conn := range map[string]net.Conn{"outside": c, "inside": in} {
				if n, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("%s: %d, %v", side, n, err)
				}
			}
			if _, err := net.Dial("tcp", r.Addr(0).String()); err == nil {
				t.Error("it still listens")
			}
			c.Close()
			in.Close()
			l.Close()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			noMoreGoroutines(t, before)
		})
	}
}

// noMoreGoroutines waits until no more goroutines run than before.
func noMoreGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(longest); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			b := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
		}
	}
}

func TestRelayPortTaken(t *testing.T) {
	s := open(t, relayed()[len(relayed())-1])
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := stagePort(l)
	_, err = OpenRelay(s, RelayOptions{Host: "127.0.0.1", Ports: []RelayPort{{0, 7272}, {port, 55151}}})
	var taken *listen.Refused
	if !errors.As(err, &taken) || taken.Port != port {
		t.Fatalf("got %v", err)
	}
	if want := fmt.Sprintf("(pid %d)", os.Getpid()); runtime.GOOS == "linux" && !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want the holder %s", err, want)
	}
}

func TestRelayAllInterfaces(t *testing.T) {
	s := open(t, relayed()[len(relayed())-1])
	r, err := OpenRelay(s, RelayOptions{Ports: []RelayPort{{0, 7272}}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !r.Addr(0).Addr().IsUnspecified() {
		t.Errorf("it listens on %v", r.Addr(0))
	}
}

func TestRelayOnHost(t *testing.T) {
	s := open(t, Host)
	r, stop := serve(t, s, RelayOptions{Ports: []RelayPort{{0, 7272}}})
	if want := netip.MustParseAddrPort("127.0.0.1:7272"); r.Addr(0) != want {
		t.Errorf("got %v, want the stage's own %v", r.Addr(0), want)
	}
	stop()
}
