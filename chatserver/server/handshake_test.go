package server

import (
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ask sends a request and returns the whole answer of a server that closes.
func ask(t *testing.T, addr, request string) string {
	t.Helper()
	c := connect(t, addr)
	c.write([]byte(request))
	c.conn.SetReadDeadline(time.Now().Add(limit))
	b, err := io.ReadAll(c.conn)
	if err != nil {
		t.Fatalf("answer %q: %v", b, err)
	}
	return string(b)
}

func TestWrongHandshakes(t *testing.T) {
	addr := serve(t, Options{})
	const good = request
	without := func(line string) string {
		if !strings.Contains(good, line+"\r\n") {
			t.Fatalf("no %q", line)
		}
		return strings.Replace(good, line+"\r\n", "", 1)
	}
	with := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for _, c := range []struct{ name, request, status, also string }{
		{"health", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK", "\r\n\r\nok\n"},
		{"health of old", "GET /healthz HTTP/1.0\r\n\r\n", "200 OK", "\r\n\r\nok\n"},
		{"health's head", "HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK", "Content-Length: 3\r\n"},
		{"health posted", "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxx", "405 Method Not Allowed", "Allow: GET, HEAD\r\n"},
		{"a browser's visit", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426 Upgrade Required", "Upgrade: websocket\r\n"},
		{"no Upgrade", without("Upgrade: websocket"), "426 Upgrade Required", "Connection: Upgrade, close\r\n"},
		{"no Connection", without("Connection: keep-alive, Upgrade"), "426 Upgrade Required", "55151"},
		{"POST", with("GET", "POST"), "405 Method Not Allowed", "Allow: GET\r\n"},
		{"HTTP/1.0", with("HTTP/1.1", "HTTP/1.0"), "505 HTTP Version Not Supported", ""},
		{"no Host", without("Host: 127.0.0.1:7272"), "400 Bad Request", "Host"},
		{"no version", without("Sec-WebSocket-Version: 13"), "426 Upgrade Required", "Sec-Websocket-Version: 13\r\n"},
		{"version 8", with("Version: 13", "Version: 8"), "426 Upgrade Required", "Sec-Websocket-Version: 13\r\n"},
		{"no key", without("Sec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw=="), "400 Bad Request", "Key"},
		{"short key", with("zPDr6m4czzUdOFnsxIUEAw==", "zPDr6m4czzUdOFnsxIUEAw"), "400 Bad Request", "Key"},
		{"two keys", with("\r\n\r\n", "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), "400 Bad Request", "Key"},
		{"a body", with("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\nx"), "400 Bad Request", "body"},
		{"a stranger's page", with("http://127.0.0.1:55151", "http://evil.example:55151"), "403 Forbidden", "evil.example"},
		{"another port's page", with("127.0.0.1:55151", "127.0.0.1:8000"), "403 Forbidden", "port 55151"},
		{"two origins", with("\r\n\r\n", "\r\nOrigin: http://127.0.0.1:55151\r\n\r\n"), "403 Forbidden", "one Origin"},
		{"a page of two hosts", with("\r\n\r\n", "\r\nOrigin: http://evil.example:55151\r\n\r\n"), "403 Forbidden", "one Origin"},
		{"too long", with("\r\n\r\n", "\r\nCookie: "+strings.Repeat("x", 20000)+"\r\n\r\n"), "431 Request Header Fields Too Large", ""},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400 Bad Request", ""},
		{"a text", "hello\r\n\r\n", "400 Bad Request", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, addr, c.request)
			if !strings.HasPrefix(got, "HTTP/1.1 "+c.status+"\r\n") || !strings.Contains(got, c.also) {
				t.Errorf("answer %q, want %s and %q", got, c.status, c.also)
			}
			if !strings.Contains(got, "close\r\n") {
				t.Errorf("answer %q does not say that the connection ends", got)
			}
		})
	}
}

func TestTooSlowAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const patience = 10 * time.Second
		l, _ := serveBubble(t, Options{HandshakeTime: patience})
		began := time.Now()
		c := l.connect(t, plenty, nil)
		for _, b := range []byte("GET / HTTP/1.1\r\n") { // a byte now and then does not help
			c.write([]byte{b})
			time.Sleep(patience / 20)
		}
		c.readHead()
		if !strings.HasPrefix(c.head, "HTTP/1.1 408 Request Timeout\r\n") || !strings.Contains(c.head, "close\r\n") {
			t.Errorf("answer %q", c.head)
		}
		if took := time.Since(began); took != patience {
			t.Errorf("after %v", took)
		}
		// Once the handshake is done, a client may be silent.
		l.dial(t).silent(10 * patience)
	})
}

func TestOddSpelling(t *testing.T) {
	addr := serve(t, Options{})
	for name, req := range map[string]string{
		"lower case":  "GET /any/path?x=1 HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"upper case":  "GET / HTTP/1.1\r\nHOST: localhost\r\nCONNECTION: UPGRADE\r\nUPGRADE: WEBSOCKET\r\nSEC-WEBSOCKET-VERSION: 13\r\nSEC-WEBSOCKET-KEY: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"no spaces":   "GET / HTTP/1.1\r\nHost:localhost\r\nConnection:Upgrade\r\nUpgrade:websocket\r\nSec-WebSocket-Version:13\r\nSec-WebSocket-Key:zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"more spaces": "GET / HTTP/1.1\r\nHost:  localhost \r\nConnection:\tkeep-alive ,\tUpgrade \r\nUpgrade: WebSocket \r\nSec-WebSocket-Version: 13 \r\nSec-WebSocket-Key:   zPDr6m4czzUdOFnsxIUEAw==  \r\n\r\n",
		"two headers": "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"extensions":  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"LF alone":    "GET / HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\n\n",
		"absolute":    "GET http://localhost:7272/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
		"health":      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, addr)
			// The first message need not wait for the answer.
			c.write(append([]byte(req), mask(0x81, `{"type":"login","name":"a"}`)...))
			c.readHead()
			if c.head != documentedResponse {
				t.Errorf("answer %q", c.head)
			}
			if got := c.hear(); !strings.HasPrefix(got, `{"type":"user_list"`) {
				t.Errorf("heard %s", got)
			}
		})
	}
}

// A request and a message that come byte by byte are the same.
func TestByteByByte(t *testing.T) {
	addr := serve(t, Options{})
	c := connect(t, addr)
	for _, b := range append([]byte(request), mask(0x81, `{"type":"login","name":"a"}`)...) {
		c.write([]byte{b})
	}
	c.readHead()
	if got := c.hear(); !strings.HasPrefix(got, `{"type":"user_list"`) {
		t.Errorf("heard %s", got)
	}
}

func TestOrigins(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	short, _, _ := strings.Cut(own, ".")
	for _, c := range []struct {
		host, origin string
		allow        []string
		want         bool
	}{
		{"127.0.0.1:7272", "", nil, true}, // no browser
		{"127.0.0.1:7272", "http://127.0.0.1:55151", nil, true},
		{"localhost:7272", "http://localhost:55151", nil, true},
		{"localhost:7272", "http://LocalHost:55151", nil, true},
		{"localhost", "http://localhost:55151", nil, true},
		{"[::1]:7272", "http://[::1]:55151", nil, true},
		{"[::1]", "http://[::1]:55151", nil, true},
		{"10.0.0.7:7272", "http://10.0.0.7:55151", nil, true},
		{"localhost:7272", "http://127.0.0.1:55151", nil, false},
		{"127.0.0.1:7272", "http://127.0.0.1", nil, false},
		{"127.0.0.1:7272", "https://127.0.0.1:55151", nil, false},
		{"127.0.0.1:7272", "http://127.0.0.1:55151.evil.example", nil, false},
		{"127.0.0.1:7272", "http://127.0.0.1:55151@evil.example", nil, false},
		{"127.0.0.1:7272", "http://127.0.0.1:55151/", nil, false},
		{"127.0.0.1:7272", "null", nil, false},
		{"127.0.0.1:7272", "file://", nil, false},
		{"127.0.0.1:7272", "%", nil, false},
		{"127.0.0.1:7272", "null", []string{"null"}, true},
		{"127.0.0.1:7272", "https://chat.example", []string{"https://chat.example"}, true},
		{"127.0.0.1:7272", "https://Chat.example", []string{"https://other.example", "https://chat.example/"}, true},
		{"127.0.0.1:7272", "https://evil.example", []string{"https://chat.example"}, false},
		{"127.0.0.1:7272", "http://chat.example", []string{"https://chat.example"}, false},
		{"127.0.0.1:7272", "https://any.example", []string{"*"}, true},
		{"127.0.0.1:7272", "http://127.0.0.1:55151", []string{"https://chat.example"}, true},
		// A name that somebody else controls can be made to point here, and its page
		// then asks for the host that it is of (DNS rebinding).
		{"evil.example:7272", "http://evil.example:55151", nil, false},
		{"evil.example", "http://evil.example:55151", nil, false},
		{"EVIL.example.:7272", "http://evil.example.:55151", nil, false},
		{"localhost.evil.example:7272", "http://localhost.evil.example:55151", nil, false},
		{"evillocalhost:7272", "http://evillocalhost:55151", nil, false},
		{"127.0.0.1.evil.example:7272", "http://127.0.0.1.evil.example:55151", nil, false},
		{own + ".evil.example:7272", "http://" + own + ".evil.example:55151", nil, false},
		{"[::1].evil.example:7272", "http://[::1].evil.example:55151", nil, false},
		{"[evil.example]:7272", "http://[evil.example]:55151", nil, false},
		{"evil.example:7272", "http://evil.example:55151", []string{"http://other.example:55151"}, false},
		{"lab.example:7272", "http://lab.example:55151", []string{"http://lab.example:55151"}, true},
		{"lab.example:7272", "http://lab.example:55151", []string{"*"}, true},
		{"evil.example:7272", "", nil, true}, // no browser
		// This machine's names, and any address: who asks for one is led by no name.
		{"LOCALHOST.:7272", "http://localhost.:55151", nil, true},
		{"lab.localhost:7272", "http://lab.localhost:55151", nil, true},
		{own + ":7272", "http://" + own + ":55151", nil, true},
		{strings.ToUpper(short) + ":7272", "http://" + short + ":55151", nil, true},
		{short + ".local.:7272", "http://" + short + ".local.:55151", nil, true},
		{"192.168.1.5:7272", "http://192.168.1.5:55151", nil, true}, // through a relay, from a container
		{"[fe80::1]:7272", "http://[FE80::1]:55151", nil, true},
		{"[::ffff:10.0.0.7]:7272", "http://[::ffff:10.0.0.7]:55151", nil, true},
		// Through a tunnel or a proxy that ends TLS.
		{"lab-7272.app.github.dev", "https://lab-55151.app.github.dev", nil, true},
		{"LAB-7272.app.github.dev", "https://lab-55151.App.github.dev", nil, true},
		{"abc12-7272.euw.devtunnels.ms", "https://abc12-55151.euw.devtunnels.ms", nil, true},
		{"7272-lab.ws-eu1.gitpod.io", "https://55151-lab.ws-eu1.gitpod.io", nil, true},
		{"7272--main--lab--me.coder.example", "https://55151--main--lab--me.coder.example", nil, true},
		{"code.example", "https://code.example", nil, true}, // below /proxy/7272/
		{"code.example:8443", "https://code.example:8443", nil, true},
		{"lab.example:7272", "https://lab.example", nil, true},
		{"lab.example:7272", "https://lab.example:55151", nil, true},
		{"lab.example:7272", "https://lab.example:8443", nil, false}, // another service's page
		{"lab-7272.app.github.dev", "http://lab-55151.app.github.dev", nil, false},
		{"lab-7272.app.github.dev", "https://evil-55151.app.github.dev", nil, false},
		{"lab-7272.app.github.dev", "https://lab-8000.app.github.dev", nil, false},
		{"lab-7272.app.github.dev", "https://lab-55151.app.github.dev.evil.example", nil, false},
		{"lab-7272x.app.github.dev", "https://lab-55151.app.github.dev", nil, false},
		{"lab-.app.github.dev", "https://lab-55151.app.github.dev", nil, false},
		{"lab-99999.app.github.dev", "https://lab-55151.app.github.dev", nil, false},
		{"lab-07272.app.github.dev", "https://lab-55151.app.github.dev", nil, false},
		{"lab7272.example", "https://lab55151.example", nil, false},
		{"a-7272.localhost:7272", "https://a-55151.localhost", nil, false}, // by ws from any page
		{"localhost:7272", "https://evil-55151.example", nil, false},
		{"127.0.0.1:7272", "https://127.0.0.1", nil, false},
		{"lab-7272.app.github.dev", "http://localhost:7272", nil, false},
	} {
		addr := serve(t, Options{AllowOrigins: c.allow})
		req := strings.Replace(request, "Host: 127.0.0.1:7272", "Host: "+c.host, 1)
		req = strings.Replace(req, "Origin: http://127.0.0.1:55151\r\n", "", 1)
		if c.origin != "" {
			req = strings.Replace(req, "\r\n\r\n", "\r\nOrigin: "+c.origin+"\r\n\r\n", 1)
		}
		conn := connect(t, addr)
		conn.write([]byte(req))
		conn.readHead()
		if got := strings.HasPrefix(conn.head, "HTTP/1.1 101"); got != c.want || !got && !strings.HasPrefix(conn.head, "HTTP/1.1 403") {
			t.Errorf("host %s, origin %s, allowed %q: %q", c.host, c.origin, c.allow, conn.head)
		}
	}
}

// A tunnel may write the port's own address in the place of what the browser asked for,
// and of the origin; it adds what that was, as no page can.
func TestForwardedOrigins(t *testing.T) {
	addr := serve(t, Options{})
	for _, c := range []struct {
		host, forwarded, origin string
		want                    bool
	}{
		{"localhost:7272", "lab-7272.app.github.dev", "https://lab-55151.app.github.dev", true},
		{"localhost:7272", "lab-7272.app.github.dev", "https://evil-55151.app.github.dev", false},
		{"localhost:7272", "lab-7272.app.github.dev", "http://localhost:7272", true},
		{"localhost:7272", "lab-7272.app.github.dev", "https://localhost:7272", true},
		{"lab-7272.app.github.dev", "lab-7272.app.github.dev", "http://localhost:55151", true},
		{"localhost:7272", "lab-7272.app.github.dev", "http://localhost:8000", false},
		{"localhost:7272", "lab-7272.app.github.dev", "http://localhost", false},
		{"127.0.0.1:7272", "lab.example", "https://lab.example", true},
		{"127.0.0.1:7272", "lab.example", "http://lab.example", false},
		{"127.0.0.1:7272", "lab.example", "https://evil.example", false},
		{"127.0.0.1:7272", "", "https://lab.example", false},
		{"127.0.0.1:7272", "127.0.0.1", "https://127.0.0.1", false},
	} {
		req := strings.Replace(request, "Host: 127.0.0.1:7272", "Host: "+c.host, 1)
		req = strings.Replace(req, "Origin: http://127.0.0.1:55151", "Origin: "+c.origin+"\r\nX-Forwarded-Host: "+c.forwarded, 1)
		conn := connect(t, addr)
		conn.write([]byte(req))
		conn.readHead()
		if got := strings.HasPrefix(conn.head, "HTTP/1.1 101"); got != c.want || !got && !strings.HasPrefix(conn.head, "HTTP/1.1 403") {
			t.Errorf("%+v: %q", c, conn.head)
		}
	}
}

// Who is refused is told in one line what to do.
func TestRefusedOrigin(t *testing.T) {
	addr := serve(t, Options{PagePort: 8080})
	req := strings.Replace(request, "Host: 127.0.0.1:7272", "Host: lab.example:7272", 1)
	_, body, _ := strings.Cut(ask(t, addr, strings.Replace(req, "127.0.0.1:55151", "lab.example:8080", 1)), "\r\n\r\n")
	for _, want := range []string{`"http://lab.example:8080"`, "port 8080", "--allow-origin"} {
		if !strings.Contains(body, want) || strings.Count(body, "\n") != 1 {
			t.Errorf("told %q, want %q", body, want)
		}
	}
}
