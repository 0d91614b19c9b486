package server

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// originAllowed allows the page's port on the host that the request asks for,
// and the origins in the options. Browsers always name the origin, so a page of
// a stranger cannot use the server with its visitors' hands (RFC 6455 §10.2).
func (s *Server) originAllowed(r *http.Request, origin string) bool {
	for _, o := range s.opts.AllowOrigins {
		if o == "*" || strings.EqualFold(strings.TrimSuffix(o, "/"), origin) {
			return true
		}
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return port == strconv.Itoa(s.opts.PagePort) && strings.EqualFold(u.Hostname(), hostname(r.Host))
}

// hostname returns a Host header's value without the port and without the
// brackets of an IPv6 address.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}
