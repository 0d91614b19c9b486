package main

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/coder/websocket"
)

// In a code space a lesson tells the address that its browsers open, which is let in, as
// is the one that --allow-origin names.
func TestServeInCodeSpace(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), built(t), "serve", "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0", "--allow-origin", "https://lab.example")
	cmd.Env = append(os.Environ(), "CODESPACES=true", "CODESPACE_NAME=lab-abc", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN=app.github.dev")
	said := invited(t, cmd)
	found := regexp.MustCompile(`127\.0\.0\.1:(\d+)\n(?s:.*) (https://lab-abc-(\d+)\.app\.github\.dev)/  \(port (\d+),`).FindStringSubmatch(said)
	if found == nil || found[1] != found[3] {
		t.Fatalf("it says\n%s", said)
	}
	origin, chat := found[2], found[4]
	for _, tt := range []struct {
		host, origin string
		want         bool
	}{
		{"lab-abc-" + chat + ".app.github.dev", origin, true},
		{"lab-abc-" + chat + ".app.github.dev", "https://evil.example", false},
		{"127.0.0.1:" + chat, "https://lab.example", true},
	} {
		c, _, err := websocket.Dial(t.Context(), "ws://127.0.0.1:"+chat, &websocket.DialOptions{Host: tt.host, HTTPHeader: http.Header{"Origin": {tt.origin}}})
		if (err == nil) != tt.want {
			t.Errorf("%s, from %s: %v", tt.host, tt.origin, err)
		}
		if err == nil {
			c.CloseNow()
		}
	}
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
