package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// checkOrigin allows the page's port on the host that the request names, if that is
// this machine, the page behind the same tunnel, and the origins in the options. A
// browser always sends the page's origin, so a foreign page cannot use the server on
// behalf of its visitors (RFC 6455 §10.2).
func (s *Server) checkOrigin(r *http.Request, origin string) error {
	for _, o := range s.opts.AllowOrigins {
		if o == "*" || strings.EqualFold(strings.TrimSuffix(o, "/"), origin) {
			return nil
		}
	}
	if s.isPage(r, origin) {
		return nil
	}
	return fmt.Errorf("origin %q is not allowed: open the page by an address of this machine and port %d, or start it with --allow-origin and that origin",
		origin, s.opts.PagePort)
}

func (s *Server) isPage(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	if s.throughTunnel(r, u) {
		return true
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	host := hostname(r.Host)
	return u.Scheme == "http" && port == s.pagePort() && strings.EqualFold(u.Hostname(), host) && thisMachine(host)
}

// hostname returns a Host header's value without the port and without the
// brackets of an IPv6 address.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// thisMachine reports whether host, of a browser's request, is a name or an address
// of this machine. A name that somebody else controls can be made to point here, and
// pages of that name would then count as of the same host (DNS rebinding). An
// address cannot be pointed elsewhere, so any is taken: behind a relay and in a
// container it is not known which of them lead here.
func thisMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	own, err := os.Hostname()
	if err != nil || own == "" {
		return false
	}
	own = strings.ToLower(own)
	short, _, _ := strings.Cut(own, ".")
	return host == own || host == short || host == short+".local" // RFC 6762 §3
}
