package bundle

import "testing"

func TestForwarded(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"CODESPACES": "true", "CODESPACE_NAME": "lab-abc"}, "https://lab-abc-55151.app.github.dev/"},
		{map[string]string{"CODESPACES": "true", "CODESPACE_NAME": "lab-abc", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "preview.example"}, "https://lab-abc-55151.preview.example/"},
		{map[string]string{"CODESPACE_NAME": "lab-abc"}, ""},
		{map[string]string{"VSCODE_PROXY_URI": "https://code.example/proxy/{{port}}"}, "https://code.example/proxy/55151/"},
		{map[string]string{"VSCODE_PROXY_URI": "https://{{port}}--main--lab--me.coder.example"}, "https://55151--main--lab--me.coder.example/"},
		{map[string]string{"VSCODE_PROXY_URI": "./proxy/{{port}}"}, ""},
		{map[string]string{"VSCODE_PROXY_URI": "https://code.example/"}, ""},
		{map[string]string{"GITPOD_WORKSPACE_URL": "https://lab-abc.ws-eu1.gitpod.io"}, "https://55151-lab-abc.ws-eu1.gitpod.io/"},
		{map[string]string{"GITPOD_WORKSPACE_URL": "lab\x1b[31m"}, ""},
		{map[string]string{"GITPOD_WORKSPACE_URL": "https://lab\x1b[31m.example"}, ""},
	} {
		if got := Forwarded(func(name string) string { return tt.env[name] }, 55151); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.env, got, tt.want)
		}
	}
}
