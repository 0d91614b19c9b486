package wire

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// everywhere serves w on all addresses, and gives the port.
func everywhere(t *testing.T, w *Wire) string {
	t.Helper()
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(w)
	s.Listener.Close()
	s.Listener = ln
	s.Start()
	t.Cleanup(s.Close)
	t.Cleanup(func() { w.Close() })
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// answer is what a browser gets first that connects to an address and asks for a
// host: the type of a message, or a status.
func answer(t *testing.T, to, host string, header http.Header) string {
	t.Helper()
	conn, response, err := websocket.Dial(t.Context(), "ws://"+to, &websocket.DialOptions{Host: host, HTTPHeader: header})
	if err != nil {
		if response == nil {
			return err.Error()
		}
		return response.Status[:3]
	}
	defer conn.CloseNow()
	return (&testViewer{t, conn}).next().Type
}

// ownAddress gives an address of this machine that is not loopback.
func ownAddress(t *testing.T) (own string) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
			return p.Addr().String()
		}
	}
	return ""
}

// Only who asked for this machine is taken to be on it, whatever connection
// brings the request.
func TestWhoIsOnThisMachine(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	short, _, _ := strings.Cut(name, ".")
	port, shared := everywhere(t, New(Options{})), everywhere(t, New(Options{Share: true}))
	for _, tt := range []struct{ to, host, want, sharedWant string }{
		{"127.0.0.1", "127.0.0.1", "hello", "hello"},
		{"127.0.0.1", "127.9.9.9", "hello", "hello"},
		{"127.0.0.1", "localhost", "hello", "hello"},
		{"127.0.0.1", "LOCALHOST.", "hello", "hello"},
		{"127.0.0.1", "lesson.localhost", "hello", "hello"},
		{"127.0.0.1", "[::1]", "hello", "hello"},
		{"127.0.0.1", "[::ffff:127.0.0.1]", "hello", "hello"},
		{"127.0.0.1", name, "hello", "hello"},
		{"127.0.0.1", strings.ToUpper(short), "hello", "hello"},
		{"127.0.0.1", short + ".local.", "hello", "hello"},
		{"[::1]", "[::1]", "hello", "hello"},
		{"[::1]", "localhost", "hello", "hello"},
		// The far end of ssh -R, which adds nothing.
		{"127.0.0.1", "203.0.113.5", "local-only", "hello"},
		{"[::1]", "[2001:db8::5]", "local-only", "hello"},
		// Names that somebody else controls.
		{"127.0.0.1", "evil.example", "local-only", "by-name"},
		{"127.0.0.1", "localhost.evil.example", "local-only", "by-name"},
		{"127.0.0.1", "notlocalhost", "local-only", "by-name"},
		{"127.0.0.1", name + ".evil.example", "local-only", "by-name"},
		{"127.0.0.1", "127.0.0.1.evil.example", "local-only", "by-name"},
		{"[::1]", "EVIL.example.", "local-only", "by-name"},
		{"127.0.0.1", "x-7.tunnel.example", "local-only", "by-name"},
		{ownAddress(t), ownAddress(t), "hello", "hello"},
		{ownAddress(t), "localhost", "hello", "hello"},
		{ownAddress(t), "203.0.113.5", "local-only", "hello"},
		{ownAddress(t), "evil.example", "local-only", "by-name"},
	} {
		if tt.to == "" {
			continue // a machine without a network
		}
		if tt.to == "[::1]" {
			if conn, err := net.Dial("tcp", "[::1]:"+port); err != nil {
				continue // without IPv6
			} else {
				conn.Close()
			}
		}
		for _, c := range []struct{ port, want string }{{port, tt.want}, {shared, tt.sharedWant}} {
			for _, host := range []string{tt.host, tt.host + ":" + c.port, tt.host + ":8080"} {
				page := http.Header{"Origin": {"http://" + host}}
				if got := answer(t, tt.to+":"+c.port, host, page); got != c.want {
					t.Errorf("%s asked for %s: %s, want %s (shared: %v)", tt.to, host, got, c.want, c.port == shared)
				}
			}
		}
	}
}

// What a proxy or a tunnel hands on comes from this machine and is another's.
func TestPassedOn(t *testing.T) {
	port, shared := everywhere(t, New(Options{})), everywhere(t, New(Options{Share: true}))
	for _, header := range []string{
		"Forwarded", "X-Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
		"X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-By", "X-Forwarded-Scheme", "X-Forwarded-Ssl",
		"X-Original-Forwarded-For", "X-Original-Host", "Via", "Cdn-Loop", "X-Real-Ip", "X-Client-Ip",
		"X-Cluster-Client-Ip", "Cf-Connecting-Ip", "True-Client-Ip", "Fastly-Client-Ip", "Fly-Client-Ip", "Client-Ip",
	} {
		for _, value := range []string{"127.0.0.1", ""} {
			with := http.Header{"Origin": {"http://localhost:" + port}, header: {value}}
			if got := answer(t, "127.0.0.1:"+port, "localhost:"+port, with); got != "local-only" {
				t.Errorf("%s: %q: %s", header, value, got)
			}
		}
		with := http.Header{header: {"192.0.2.1"}}
		if got := answer(t, "127.0.0.1:"+shared, "localhost:"+shared, with); got != "hello" {
			t.Errorf("%s, shared: %s", header, got)
		}
	}
	// What browsers send of themselves is none of these.
	browser := http.Header{"Origin": {"http://localhost:" + port}, "User-Agent": {"Mozilla/5.0"}, "Accept-Encoding": {"gzip, deflate, br, zstd"},
		"Accept-Language": {"fr"}, "Cache-Control": {"no-cache"}, "Pragma": {"no-cache"}, "Cookie": {"lang=fr"}, "Dnt": {"1"}, "Sec-Gpc": {"1"},
		"Sec-Fetch-Site": {"same-origin"}, "Sec-Websocket-Extensions": {"permessage-deflate; client_max_window_bits"}}
	if got := answer(t, "127.0.0.1:"+port, "localhost:"+port, browser); got != "hello" {
		t.Errorf("a browser: %s", got)
	}
}

func TestOriginsOfPages(t *testing.T) {
	port := everywhere(t, New(Options{}))
	host := "localhost:" + port
	for _, tt := range []struct {
		origins []string
		want    string
	}{
		{nil, "hello"}, // no browser
		{[]string{"http://" + host}, "hello"},
		{[]string{"http://LocalHost:" + port}, "hello"},
		{[]string{"http://evil.example"}, "403"},
		{[]string{"http://localhost"}, "403"},
		{[]string{"null"}, "403"},
		{[]string{"http://" + host, "http://" + host}, "403"},
		{[]string{"http://" + host, "http://evil.example"}, "403"},
		{[]string{"http://evil.example", "http://" + host}, "403"},
	} {
		if got := answer(t, "127.0.0.1:"+port, host, http.Header{"Origin": tt.origins}); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.origins, got, tt.want)
		}
	}
}
