package bundle

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"chatlab/chatserver/server"
	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/listen"
	"chatlab/webclient/site"
)

func TestMain(m *testing.M) {
	if stage.Broker(os.Args[1:]) {
		return
	}
	os.Exit(m.Run())
}

func userspace(t *testing.T) stage.Stage {
	t.Helper()
	s, err := stage.Open(stage.Userspace)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Told to end it ends without an error; when a part fails the others end, and say
// why. Either way all ports can be had again.
func TestRunEnds(t *testing.T) {
	s := userspace(t)
	options := Options{Stage: s, ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Browsers: &Browsers{Host: loopback}}
	for _, tt := range []struct {
		name string
		end  func(b *Bundle, cancel func())
		want string
	}{
		{"told to", func(_ *Bundle, cancel func()) { cancel() }, ""},
		{"the chat fails", func(b *Bundle, _ func()) { b.Chat.Close() }, "chat server: "},
		{"the page fails", func(b *Bundle, _ func()) { b.Page.Close() }, "page server: "},
	} {
		b, err := Open(options)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		options.Browsers.ChatPort, options.Browsers.PagePort = b.ChatPort, b.PagePort
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx, server.Defaults(), site.Options{}) }()
		if err := b.Get(ctx, "/"); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		tt.end(b, cancel)
		if err := <-ended; tt.want == "" && err != nil || err != nil && !strings.HasPrefix(err.Error(), tt.want) || tt.want != "" && err == nil {
			t.Errorf("%s: it ends with %v", tt.name, err)
		}
		cancel()
	}
}

// Who is in the chat can be made to leave it, on the way through the relay too.
func TestClean(t *testing.T) {
	b, err := Open(Options{Stage: userspace(t), Browsers: &Browsers{Host: loopback}})
	if err != nil {
		t.Fatal(err)
	}
	b.Clean("nobody is there yet")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, server.Defaults(), site.Options{}) }()
	c, _, err := websocket.Dial(ctx, "ws://"+net.JoinHostPort(loopback, strconv.Itoa(int(b.ChatPort))), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	b.Clean("the next round")
	var closed websocket.CloseError
	if _, _, err := c.Read(ctx); !errors.As(err, &closed) || closed.Code != websocket.StatusServiceRestart || closed.Reason != "the next round" {
		t.Errorf("it ends with %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The log tells students apart though a relay carries them, and the packets' addresses
// can be told apart as well: of who joins, and of who is not let in.
func TestStudentsAreToldApart(t *testing.T) {
	for _, name := range []string{stage.Namespace, stage.Userspace} {
		t.Run(name, func(t *testing.T) {
			s, err := stage.Open(name)
			if err != nil {
				t.Skip(err)
			}
			defer s.Close()
			b, err := Open(Options{Stage: s, Browsers: &Browsers{Host: loopback}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			lines := make(chan string, 100)
			o := server.Defaults()
			o.Log = slog.New(slog.NewTextHandler(told(lines), nil))
			ended := make(chan error, 1)
			go func() { ended <- b.Run(ctx, o, site.Options{}) }()

			for i, header := range []http.Header{nil, nil, {"Origin": {"http://evil.example"}}} {
				var own net.Addr
				from := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
					d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i))}}
					c, err := d.DialContext(ctx, network, addr)
					if errors.Is(err, syscall.EADDRNOTAVAIL) {
						t.Skip("this system's loopback has no such address")
					}
					if err == nil {
						own = c.LocalAddr()
					}
					return c, err
				}}
				c, _, err := websocket.Dial(ctx, "ws://"+net.JoinHostPort(loopback, strconv.Itoa(int(b.ChatPort))),
					&websocket.DialOptions{HTTPClient: &http.Client{Transport: from}, HTTPHeader: header})
				if (err == nil) != (header == nil) {
					t.Fatal(err)
				}
				what := "msg=refused"
				if c != nil {
					defer c.CloseNow()
					what = "msg=join"
					if err := c.Write(ctx, websocket.MessageText, []byte(`{"type":"login","name":"a"}`)); err != nil {
						t.Fatal(err)
					}
				}
				line := <-lines
				via := regexp.MustCompile(` via=(127\.0\.0\.1:\d+)`).FindStringSubmatch(line)
				if !strings.Contains(line, what) || !strings.Contains(line, " from="+own.String()+" ") || via == nil {
					t.Fatalf("%v is logged as %s", own, line)
				}
				if got := b.Client(netip.MustParseAddrPort(via[1])); got.String() != own.String() {
					t.Errorf("%s is %v's, want %v's", via[1], got, own)
				}
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// told is a log whose lines are taken one by one.
type told chan string

func (l told) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// A bundle is had whole or not at all: what was taken is given back.
func TestOpenFails(t *testing.T) {
	s := userspace(t)
	taken, err := listen.TCP(loopback, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free, err := listen.TCP(loopback, 0)
	if err != nil {
		t.Fatal(err)
	}
	chat := Port(free)
	free.Close()
	at := &Browsers{Host: loopback, ChatPort: chat, PagePort: Port(taken)}
	for _, outside := range []bool{false, true} {
		at.PageOutside = outside
		_, err = Open(Options{Stage: s, ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Browsers: at})
		var inUse *listen.Refused
		if !errors.As(err, &inUse) || inUse.Port != at.PagePort {
			t.Errorf("page outside %t: got %v", outside, err)
		}
	}
	broken := errors.New("no capture")
	_, err = Open(Options{Stage: s, ChatPort: scenario.ServerPort, Browsers: &Browsers{Host: loopback, ChatPort: chat}, Capture: func(uint16) (stage.Capture, error) { return nil, broken }})
	var unavailable *stage.Unavailable
	if !errors.As(err, &unavailable) || !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	l, err := s.Listen(scenario.ServerPort)
	if err != nil {
		t.Fatalf("on the stage: %v", err)
	}
	l.Close()
	if l, err = net.Listen("tcp", free.Addr().String()); err != nil {
		t.Fatalf("on this machine: %v", err)
	}
	l.Close()
}
