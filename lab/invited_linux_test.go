package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

// invitation is what lab serve prints: the addresses for its own machine, and those for
// the class.
type invitation struct{ here, class []string }

// lesson starts lab serve on the host as a user whose only rights are rights. At the end
// of the test it is interrupted.
func (h host) lesson(t *testing.T, rights string, args ...string) invitation {
	t.Helper()
	cmd := h.on(rights, append([]string{built(t), "serve", "--lang", "en"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	said := invited(t, cmd)
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT) // ip and setpriv have become the lab
		if err := cmd.Wait(); err != nil {
			t.Errorf("the lesson ends with %v\n%s", err, stderr.String())
		}
		if !strings.HasPrefix(stderr.String(), "stage ") {
			t.Errorf("the lesson says of its stage %q", stderr.String())
		}
	})
	var in invitation
	for line := range strings.Lines(said) {
		label, u, _ := strings.Cut(line, ":")
		if u = strings.TrimSpace(u); !strings.HasPrefix(u, "http://") {
			continue
		}
		switch label {
		case "On this machine":
			in.here = append(in.here, u)
		case "For the class":
			in.class = append(in.class, u)
		}
	}
	if in.here == nil {
		t.Fatalf("it invites nobody:\n%s", stderr.String())
	}
	return in
}

// member is somebody in the chat.
type member struct {
	name string
	conn *websocket.Conn
}

var chatPort = regexp.MustCompile(`data-chat-port="([0-9]+)"`)

// join opens a page from an address of the host, or from "", any, and enters the chat
// where the page looks for it.
func (h host) join(ctx context.Context, from, page, name string) (*member, error) {
	client := &http.Client{Transport: &http.Transport{DialContext: h.dialer(from), DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	port := chatPort.FindSubmatch(body)
	if err != nil || port == nil {
		return nil, fmt.Errorf("%s gives %v\n%s", page, err, body)
	}
	u, err := url.Parse(page)
	if err != nil {
		return nil, err
	}
	u.Scheme, u.Host = "ws", net.JoinHostPort(u.Hostname(), string(port[1]))
	conn, _, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: client, HTTPHeader: http.Header{"Origin": {page}}})
	if err != nil {
		return nil, fmt.Errorf("the chat: %w", err)
	}
	m := &member{name, conn}
	conn.SetReadLimit(1 << 20)
	if err := m.send(ctx, `{"type":"login","client_name":%q,"room_id":1}`, name); err != nil {
		return nil, err
	}
	if _, welcome, err := conn.Read(ctx); err != nil || !strings.Contains(string(welcome), name) {
		return nil, fmt.Errorf("the chat welcomes with %q, %w", welcome, err)
	}
	return m, nil
}

func (m *member) send(ctx context.Context, format string, args ...any) error {
	return m.conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, format, args...))
}

func (m *member) say(ctx context.Context, text string) error {
	return m.send(ctx, `{"type":"say","to_client_id":"all","to_client_name":"all","content":%q}`, text)
}

// hears reads until each of the texts has been said, once.
func (m *member) hears(ctx context.Context, texts []string) error {
	missing := slices.Clone(texts)
	for len(missing) > 0 {
		_, news, err := m.conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("%s does not hear %q: %w", m.name, missing, err)
		}
		missing = slices.DeleteFunc(missing, func(text string) bool { return strings.Contains(string(news), `"`+text+`"`) })
	}
	return nil
}

// watch looks at the lesson's packets from the host until one of a connection of each of
// the clients has come.
func (h host) watch(ctx context.Context, page string, clients ...string) error {
	browser := &http.Client{Transport: &http.Transport{DialContext: h.dialer(""), DisableKeepAlives: true}}
	wire, _, err := websocket.Dial(ctx, page+"/wire", &websocket.DialOptions{HTTPClient: browser, HTTPHeader: http.Header{"Origin": {page}}})
	if err != nil {
		return fmt.Errorf("the wire: %w", err)
	}
	defer wire.CloseNow()
	wire.SetReadLimit(1 << 24)
	for len(clients) > 0 {
		_, news, err := wire.Read(ctx)
		if err != nil {
			return fmt.Errorf("the wire shows no packet of %s: %w", clients, err)
		}
		clients = slices.DeleteFunc(clients, func(c string) bool { return strings.Contains(string(news), `"client":"`+c+`:`) })
	}
	return nil
}
