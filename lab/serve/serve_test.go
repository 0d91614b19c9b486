package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/coder/websocket"

	"chatlab/lab/bundle"
	"chatlab/lab/stage"
	"chatlab/sniffer/catalogue"
)

func TestMain(m *testing.M) {
	if stage.Broker(os.Args[1:]) {
		return
	}
	os.Exit(m.Run())
}

// lesson runs a lesson on free ports of this machine until the test ends.
func lesson(t *testing.T, name string) *Lesson {
	t.Helper()
	l, err := Open(Options{Stage: name, Host: "127.0.0.1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Skipf("%v; allow it, or run as root", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the lesson ends with %v", err)
		}
	})
	return l
}

// A browser loads the page, chats, and sees its own message on the wire.
func TestLessons(t *testing.T) {
	for _, name := range Stages {
		t.Run(name, func(t *testing.T) {
			l := lesson(t, name)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			page := url(l.host(), l.PagePort)
			response, err := http.Get(page)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("the page answers %s", response.Status)
			}
			wire, _, err := websocket.Dial(ctx, page+"/wire?lang=fr", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer wire.CloseNow()
			wire.SetReadLimit(1 << 24)
			chat, _, err := websocket.Dial(ctx, url(l.host(), l.ChatPort), &websocket.DialOptions{
				HTTPHeader: http.Header{"Origin": {page}},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer chat.CloseNow()
			for _, text := range []string{
				`{"type":"login","client_name":"mynick","room_id":1}`,
				`{"type":"say","to_client_id":"all","to_client_name":"all","content":"hi,  all !"}`,
			} {
				if err := chat.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
					t.Fatal(err)
				}
				if _, _, err := chat.Read(ctx); err != nil {
					t.Fatal(err)
				}
			}
			for seen := false; !seen; {
				_, data, err := wire.Read(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if !json.Valid(data) {
					t.Fatalf("the wire says %s", data)
				}
				seen = strings.Contains(string(data), "«\u00a0hi,  all !\u00a0»")
			}
		})
	}
}

// The teacher's table has the true address of who is in the chat, also where a relay
// carries them.
func TestTrueAddresses(t *testing.T) {
	for _, name := range Stages {
		t.Run(name, func(t *testing.T) {
			l := lesson(t, name)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 7)}}
			transport := &http.Transport{DialContext: from.DialContext}
			ws, _, err := websocket.Dial(ctx, strings.Replace(url(l.host(), l.ChatPort), "http", "ws", 1),
				&websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
			if errors.Is(err, syscall.EADDRNOTAVAIL) {
				t.Skip("this system's loopback has no such address")
			}
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			if err := ws.Write(ctx, websocket.MessageText, []byte(`{"type":"login","name":"mynick"}`)); err != nil {
				t.Fatal(err)
			}

			jar, _ := cookiejar.New(nil)
			teacher := &http.Client{Jar: jar}
			page := url(l.host(), l.PagePort)
			answer, err := teacher.Post(page+"/class/enter", "application/json", strings.NewReader(fmt.Sprintf(`{"key":%q}`, l.desk.Key())))
			if err != nil || answer.StatusCode != http.StatusNoContent {
				t.Fatalf("%v, %v", answer, err)
			}
			answer.Body.Close()
			request, _ := http.NewRequestWithContext(ctx, http.MethodGet, page+"/class/events", nil)
			if answer, err = teacher.Do(request); err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			for events := bufio.NewScanner(answer.Body); ; {
				if !events.Scan() {
					t.Fatalf("the events end: %v", events.Err())
				}
				data, ok := strings.CutPrefix(events.Text(), "data: ")
				var table struct{ Rows []struct{ Address string } }
				if !ok || json.Unmarshal([]byte(data), &table) != nil || len(table.Rows) == 0 {
					continue
				}
				if len(table.Rows) != 1 || table.Rows[0].Address != "127.0.0.7" {
					t.Errorf("the table has %s", data)
				}
				return
			}
		})
	}
}

func TestPortTaken(t *testing.T) {
	l := lesson(t, stage.Namespace)
	_, err := Open(Options{Stage: stage.Namespace, Host: "127.0.0.1", PagePort: l.PagePort})
	var inUse *catalogue.Error
	if !errors.As(err, &inUse) || inUse.Hint.Key() != "hint.in-use" || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("got %v", err)
	}
}

// Who listens on one address is invited to that one; who listens on all of them
// is to be found at each.
func TestInvite(t *testing.T) {
	addresses := []netip.Addr{netip.MustParseAddr("192.168.1.5"), netip.MustParseAddr("10.0.0.7")}
	for _, lang := range catalogue.Langs {
		for _, tt := range []struct {
			listens string
			here    string
			class   []string
		}{
			{"0.0.0.0", "http://127.0.0.1:55151", []string{"http://192.168.1.5:55151", "http://10.0.0.7:55151"}},
			{"::", "http://127.0.0.1:55151", []string{"http://192.168.1.5:55151", "http://10.0.0.7:55151"}},
			{"127.0.0.1", "http://127.0.0.1:55151", nil},
			{"::1", "http://[::1]:55151", nil},
			{"10.0.0.7", "http://10.0.0.7:55151", []string{"http://10.0.0.7:55151"}},
			{"::ffff:10.0.0.7", "http://10.0.0.7:55151", []string{"http://10.0.0.7:55151"}},
			{"fd00::7", "http://[fd00::7]:55151", []string{"http://[fd00::7]:55151"}},
		} {
			var out strings.Builder
			l := &Lesson{bundle: &bundle.Bundle{Page: listening(tt.listens)}, PagePort: 55151}
			if err := Invite(&out, l, Paper{Lang: lang, Columns: 80}, addresses, nil); err != nil {
				t.Fatal(err)
			}
			var urls []string
			for _, word := range strings.FieldsFunc(out.String(), func(r rune) bool { return unicode.IsSpace(r) || r == '：' }) {
				if strings.HasPrefix(word, "http") {
					urls = append(urls, word)
				}
			}
			if want := append([]string{tt.here}, tt.class...); !slices.Equal(urls, want) {
				t.Errorf("%s, on %s: %q, want %q", lang, tt.listens, urls, want)
			}
			if got, want := strings.Contains(out.String(), "█▄"), len(tt.class) > 0; got != want {
				t.Errorf("%s, on %s: a QR code: %v, want %v", lang, tt.listens, got, want)
			}
		}
	}
	if err := Invite(broken{}, &Lesson{bundle: &bundle.Bundle{Page: listening("127.0.0.1")}}, Paper{Lang: catalogue.English, Columns: 80}, nil, nil); err == nil {
		t.Error("a closed pipe is not told")
	}
}

// listening is a listener on an address that this machine need not have.
type listening string

func (l listening) Addr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(string(l)), 55151))
}
func (listening) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (listening) Close() error              { return nil }

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
