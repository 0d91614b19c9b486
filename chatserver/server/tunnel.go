package server

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// throughTunnel reports whether an origin is the page's on the way through a tunnel or a
// proxy that ends TLS, as that of a code space: the same name, or one that differs in the
// port in it alone ("lab-55151.app.github.dev" and "lab-7272.app.github.dev").
//
// It may be let in without being named. The page of somebody else's name that is made to
// point here (DNS rebinding) is not of https: a browser lets a page of https connect by
// wss only, which this server does not speak, so something with that name's certificate
// stands between. Names that lead a browser to its own machine are excepted: to these it
// connects by ws from any page. And no page can add a header such as X-Forwarded-Host.
func (s *Server) throughTunnel(r *http.Request, origin *url.URL) bool {
	forwarded := r.Header.Values("X-Forwarded-Host")
	for _, host := range append([]string{r.Host}, forwarded...) {
		host = strings.ToLower(strings.TrimSpace(host))
		switch from := strings.ToLower(origin.Host); {
		case thisMachine(hostname(host)):
		case thisMachine(origin.Hostname()):
			// Some tunnels write the port's own address in the place of an origin of
			// theirs.
			if len(forwarded) > 0 && isLocalhost(origin.Hostname()) && (origin.Port() == s.pagePort() || hasPort(host, origin.Port())) {
				return true
			}
		case origin.Scheme != "https":
		case from == host, origin.Hostname() == hostname(host) && (origin.Port() == "" || origin.Port() == s.pagePort()):
			return true
		case samePlace(from, host, s.pagePort()):
			return true
		}
	}
	return false
}

func (s *Server) pagePort() string { return strconv.Itoa(s.opts.PagePort) }

func isLocalhost(name string) bool { return name == "localhost" || name == "127.0.0.1" }

// word is what a tunnel's name is made of.
var word = regexp.MustCompile(`[0-9A-Za-z]+`)

// hasPort reports whether a port is one of the words of a host's name.
func hasPort(host, port string) bool {
	return slices.Contains(word.FindAllString(hostname(host), -1), port)
}

// samePlace reports whether host is page but for another number where that has port.
func samePlace(page, host, port string) bool {
	for _, at := range word.FindAllStringIndex(page, -1) {
		if page[at[0]:at[1]] != port {
			continue
		}
		number, ok := strings.CutPrefix(host, page[:at[0]])
		if !ok {
			continue
		}
		if number, ok = strings.CutSuffix(number, page[at[1]:]); !ok {
			continue
		}
		if n, err := strconv.ParseUint(number, 10, 16); err == nil && strconv.FormatUint(n, 10) == number {
			return true
		}
	}
	return false
}
