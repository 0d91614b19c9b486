package bundle

import (
	"net/url"
	"strconv"
	"strings"
)

// Forwarded gives the address by which a browser elsewhere finds what listens on a port,
// where this process runs in a code space whose environment tells it, or "":
// CODESPACE_NAME is GitHub Codespaces', VSCODE_PROXY_URI code-server's, Coder's and that
// of others, GITPOD_WORKSPACE_URL Gitpod's.
func Forwarded(getenv func(string) string, port uint16) string {
	number := strconv.Itoa(int(port))
	if name := getenv("CODESPACE_NAME"); name != "" && getenv("CODESPACES") == "true" {
		domain := getenv("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN")
		if domain == "" {
			domain = "app.github.dev"
		}
		return plain("https://" + name + "-" + number + "." + domain + "/")
	}
	if before, after, ok := strings.Cut(getenv("VSCODE_PROXY_URI"), "{{port}}"); ok {
		return plain(strings.TrimSuffix(before+number+after, "/") + "/")
	}
	if scheme, place, ok := strings.Cut(getenv("GITPOD_WORKSPACE_URL"), "://"); ok {
		return plain(scheme + "://" + number + "-" + strings.TrimSuffix(place, "/") + "/")
	}
	return ""
}

// plain gives an address if it is one that a terminal may be shown, or "". code-server has
// a path alone where it does not know its own name.
func plain(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return ""
	}
	return u.String()
}
