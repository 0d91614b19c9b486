package bundle

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"chatlab/chatserver/server"
	"chatlab/lab/check/checktest"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// handshakes are requests that come to the chat's server, each with why it takes it
// for none of WebSocket.
func handshakes() map[string]struct {
	request string
	not     dissect.Reason
	policy  bool // the request is right, and the server does not want it
} {
	const good = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	with := func(changes ...string) string { return strings.NewReplacer(changes...).Replace(good) }
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	return map[string]struct {
		request string
		not     dissect.Reason
		policy  bool
	}{
		"a browser's":            {request: good},
		"a list":                 {request: with("Upgrade: websocket", "Upgrade: h2c, websocket")},
		"a list, the other way":  {request: with("Upgrade: websocket", "Upgrade: websocket,h2c")},
		"two Upgrades":           {request: with("Upgrade: websocket", "Upgrade: h2c\r\nUpgrade: websocket")},
		"Upgrade in capitals":    {request: with("Upgrade: websocket", "UPGRADE: WEBSOCKET")},
		"Firefox's Connection":   {request: with("Connection: Upgrade", "Connection: keep-alive, Upgrade")},
		"two Connections":        {request: with("Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade")},
		"an empty list's member": {request: with("Connection: Upgrade", "Connection: ,, Upgrade ,")},
		"names in lower case": {request: with("Host", "host", "Upgrade: w", "upgrade: w", "Connection", "connection", "Sec-WebSocket-Key", "sec-websocket-key",
			"Sec-WebSocket-Version", "sec-websocket-version")},
		"no spaces":                {request: with(": ", ":")},
		"many spaces":              {request: with(": ", ": \t  ", "websocket", "websocket \t", "==", "==  ")},
		"line feeds alone":         {request: with("\r\n", "\n")},
		"some line feeds alone":    {request: with("HTTP/1.1\r\n", "HTTP/1.1\n", "13\r\n\r\n", "13\n\r\n")},
		"an end without a CR":      {request: with("13\r\n\r\n", "13\r\n\n")},
		"a folded list":            {request: with("Connection: Upgrade", "Connection: keep-alive,\r\n  Upgrade")},
		"a folded key":             {request: with("Sec-WebSocket-Key: ", "Sec-WebSocket-Key:\r\n\t")},
		"an absolute target":       {request: with("GET / ", "GET http://127.0.0.1:7272/ ")},
		"an absolute target alone": {request: with("GET / ", "GET http://127.0.0.1:7272/ ", "Host: 127.0.0.1:7272\r\n", "")},
		"another path":             {request: with("GET / ", "GET /chat?room=1 ")},
		"HTTP/1.2":                 {request: with("HTTP/1.1", "HTTP/1.2")},
		"an offer of extensions":   {request: with("Connection", "Sec-WebSocket-Extensions: permessage-deflate\r\nConnection")},
		"an offer of protocols":    {request: with("Connection", "Sec-WebSocket-Protocol: chat, superchat\r\nConnection")},
		"an empty body":            {request: with("Connection", "Content-Length: 0\r\nConnection")},
		"two versions, 13 first":   {request: with("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 8")},
		"key first":                {request: with(key, "", "Host", key+"Host")},

		"Upgrade with a version":   {request: with("Upgrade: websocket", "Upgrade: websocket/13"), not: dissect.UpgradeTaken},
		"no Upgrade":               {request: with("Upgrade: websocket\r\n", ""), not: dissect.UpgradeTaken},
		"another Upgrade":          {request: with("Upgrade: websocket", "Upgrade: h2c"), not: dissect.UpgradeTaken},
		"a space before the colon": {request: with("Upgrade: websocket", "Upgrade : websocket"), not: dissect.UpgradeTaken},
		"a page":                   {request: "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n\r\n", not: dissect.PlainHTTP},
		"no Connection":            {request: with("Connection: Upgrade\r\n", ""), not: dissect.NoConnection},
		"Connection: close":        {request: with("Connection: Upgrade", "Connection: close"), not: dissect.NoConnection},
		"POST":                     {request: with("GET", "POST"), not: dissect.NotGET},
		"get":                      {request: with("GET", "get"), not: dissect.NotGET},
		"a method of nobody's":     {request: with("GET", "CHAT"), not: dissect.NotGET},
		"HTTP/1.0":                 {request: with("HTTP/1.1", "HTTP/1.0"), not: dissect.NotHTTP11},
		"HTTP/2.0":                 {request: with("HTTP/1.1", "HTTP/2.0"), not: dissect.NotHTTP11},
		"http/1.1":                 {request: with("HTTP/1.1", "http/1.1"), not: dissect.Malformed},
		"HTTP/1.10":                {request: with("HTTP/1.1", "HTTP/1.10"), not: dissect.Malformed},
		"no Host":                  {request: with("Host: 127.0.0.1:7272\r\n", ""), not: dissect.NoHost},
		"two Hosts":                {request: with("Connection", "Host: b\r\nConnection"), not: dissect.Malformed},
		"a body":                   {request: with("Connection", "Content-Length: 3\r\nConnection") + "abc", not: dissect.HasBody},
		"a chunked body":           {request: with("Connection", "Transfer-Encoding: chunked\r\nConnection") + "0\r\n\r\n", not: dissect.HasBody},
		"version 8":                {request: with("Version: 13", "Version: 8"), not: dissect.NotVersion13},
		"a list of versions":       {request: with("Version: 13", "Version: 13, 8"), not: dissect.NotVersion13},
		"two versions, 8 first":    {request: with("Version: 13", "Version: 8\r\nSec-WebSocket-Version: 13"), not: dissect.NotVersion13},
		"no version":               {request: with("Sec-WebSocket-Version: 13\r\n", ""), not: dissect.NotVersion13},
		"no key":                   {request: with(key, ""), not: dissect.NoKey},
		"an empty key":             {request: with("dGhlIHNhbXBsZSBub25jZQ==", ""), not: dissect.BadKey},
		"a short key":              {request: with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ=="), not: dissect.BadKey},
		"a key without padding":    {request: with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ"), not: dissect.BadKey},
		"two keys":                 {request: with(key, key+key), not: dissect.BadKey},
		"a line without a colon":   {request: with("Connection", "nonsense\r\nConnection"), not: dissect.Malformed},
		"a name with a slash":      {request: with("Connection", "a/b: c\r\nConnection"), not: dissect.Malformed},
		"an empty name":            {request: with("Connection", ": c\r\nConnection"), not: dissect.Malformed},
		"a NUL in a value":         {request: with("Connection", "X: a\x00b\r\nConnection"), not: dissect.Malformed},
		"a folded first line":      {request: with("Host", " Host"), not: dissect.Malformed},
		"an empty line before":     {request: "\r\n" + good, not: dissect.Malformed},
		"no target":                {request: with("GET / ", "GET "), not: dissect.Malformed},
		"a target without a slash": {request: with("GET / ", "GET chat "), not: dissect.Malformed},
		"two spaces":               {request: with("GET / ", "GET  / "), not: dissect.Malformed},
		"a stranger's page":        {request: with("Connection", "Origin: http://evil.example\r\nConnection"), policy: true},
		"far too long":             {request: with("Connection", "Cookie: "+strings.Repeat("x", 20000)+"\r\nConnection"), policy: true},
	}
}

// The dissector takes for WebSocket what the chat's server takes for it, and nothing
// else; of the rest it says why.
func TestDissectorAndServerAgreeOnHandshakes(t *testing.T) {
	ln, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.New(server.Defaults()).Serve(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for name, tt := range handshakes() {
		answer := answerTo(t, ln.Addr().String(), tt.request)
		accepted := strings.HasPrefix(answer, "HTTP/1.1 101 ")
		if accepted != (tt.not == dissect.NoReason && !tt.policy) {
			t.Errorf("%s: the table is wrong: the server answers %.30q", name, answer)
		}
		for _, mss := range []int{0, 50, 7} {
			for _, early := range []bool{false, true} {
				conversation, request, response, frames := overhear(t, tt.request, answer, mss, early)
				switch {
				case request == nil || request.NotUpgrade() != tt.not:
					t.Errorf("%s: not for %v, but %+v", name, tt.not, request)
				case response == nil || (response.NotUpgrade() == dissect.NoReason) != accepted:
					t.Errorf("%s: the response is not %+v", name, response)
				case conversation.WebSocket != accepted || accepted && frames != 1 || !accepted && frames != 0:
					t.Errorf("%s, MSS %d, early %v: WebSocket %v, %d frames, accepted %v", name, mss, early, conversation.WebSocket, frames, accepted)
				case accepted && !response.AcceptOK:
					t.Errorf("%s: the answer's Accept counts as wrong", name)
				}
			}
		}
	}
}

// answerTo gives the head with which the server answers.
func answerTo(t *testing.T, addr, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	c.(*net.TCPConn).CloseWrite()
	var head strings.Builder
	for r := bufio.NewReader(c); !strings.HasSuffix(head.String(), "\r\n\r\n"); {
		line, err := r.ReadString('\n')
		head.WriteString(line)
		if err != nil {
			t.Fatalf("%q is answered %q: %v", request, head.String(), err)
		}
	}
	return head.String()
}

// overhear makes a capture of a request, its answer and a client's frame, which comes
// before the answer if it is early, and dissects it.
func overhear(t *testing.T, request, answer string, mss int, early bool) (c *dissect.Conversation, asks, answers *dissect.Head, frames int) {
	t.Helper()
	s := checktest.New(t)
	n := s.Conn(60653)
	n.MSS = mss
	n.Open()
	frame := checktest.Frame(dissect.Client, `{"type":"pong"}`)
	if early {
		n.Data(dissect.Client, request+frame)
		n.Data(dissect.Server, answer)
	} else {
		n.Data(dissect.Client, request)
		n.Data(dissect.Server, answer)
		n.Segment(dissect.Client, tcp.PSH|tcp.ACK, frame)
	}
	var tracker dissect.Tracker
	for i := range s.Packets {
		var segment dissect.Segment
		if err := segment.Decode(&s.Packets[i]); err != nil {
			t.Fatal(err)
		}
		e := tracker.Add(&segment)
		c = e.Conversation
		for _, u := range e.Units {
			switch {
			case u.IsFrame():
				frames++
			case u.From == dissect.Client:
				asks = u.HTTP
			default:
				answers = u.HTTP
			}
		}
	}
	return c, asks, answers, frames
}
