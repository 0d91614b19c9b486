package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// checkOrigin allows the page's port on the host that the request names, if that is
// this machine, and the origins in the options. A browser always sends the page's
// origin, so a foreign page cannot use the server on behalf of its visitors
// (RFC 6455 §10.2).
func (s *Server) checkOrigin(r *http.Request, origin string) error {
	for _, o := range s.opts.AllowOrigins {
		if o == "*" || strings.EqualFold(strings.TrimSuffix(o, "/"), origin) {
			return nil
		}
	}
	if s.isPage(r, origin) {
		return nil
	}
	return fmt.Errorf("origin %q is not allowed: open the page by an address of this machine and port %d, or start chatserver with that origin as --allow-origin",
		origin, s.opts.PagePort)
}

func (s *Server) isPage(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	host := hostname(r.Host)
	return port == strconv.Itoa(s.opts.PagePort) && strings.EqualFold(u.Hostname(), host) && thisMachine(host)
}
