package site

import (
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// hostPattern is what a Host header may say to be repeated in a policy: a name,
// an IPv4 address or an IPv6 address in brackets.
var hostPattern = regexp.MustCompile(`^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$`)

// hostname gives the host of a Host header without its port, or "" if it is not
// fit to be repeated.
func hostname(host string) string {
	if h, port, err := net.SplitHostPort(host); err == nil {
		for _, c := range port {
			if c < '0' || c > '9' {
				return ""
			}
		}
		host = h
		if strings.Contains(h, ":") {
			host = "[" + h + "]"
		}
	}
	if !hostPattern.MatchString(host) {
		return ""
	}
	return host
}

// connectSources are where the page may connect to: its own server, and where the chat
// may be (assets/js/net/address.js).
func (s *site) connectSources(r *http.Request) string {
	sources := []string{"'self'"}
	// A tunnel may write the port's own address in the place of the name that the
	// browser knows, and says that beside it.
	for _, asked := range append([]string{r.Host}, r.Header.Values("X-Forwarded-Host")...) {
		switch host := hostname(asked); {
		case strings.HasPrefix(host, "["):
			// CSP's host-source has no IPv6 addresses: a browser ignores one.
			sources = append(sources, "ws:", "wss:")
		case host != "":
			chat := fmt.Sprintf("%s:%d", host, s.options.ChatPort)
			// 'self' covers the wire's WebSocket in current browsers only.
			for _, place := range []string{asked, chat, s.port.ReplaceAllString(asked, fmt.Sprintf("${1}%d$2", s.options.ChatPort))} {
				sources = append(sources, "ws://"+place, "wss://"+place)
			}
		}
	}
	return strings.Join(slices.Compact(sources), " ")
}

// portWord finds a port where it is a word of a name, as in lab-55151.app.github.dev.
func portWord(port int) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(^|[^0-9A-Za-z:])%d($|[^0-9A-Za-z])`, port))
}
