package wire

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// sameMachine tells whether a request comes from a browser on this machine, to
// this machine: what a proxy or a tunnel passes on comes from here, too.
func sameMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	here := peer.Addr().Unmap()
	if !here.IsLoopback() {
		// The machine's own address from outside: one of its own was asked for.
		local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if !ok {
			return false
		}
		to, err := netip.ParseAddrPort(local.String())
		if err != nil || to.Addr().Unmap() != here {
			return false
		}
	}
	addr, own := asked(r.Host)
	return !passedOn(r.Header) && (own || addr.IsLoopback() || addr == here)
}

// passedOn tells whether a header says that somebody between the browser and here
// passed the request on. Forwarded is RFC 7239's, Via RFC 9110 §7.6.3's, CDN-Loop
// RFC 8586's; the others have no standard and many spellings, as X-Forwarded-For,
// X-Original-Forwarded-For, X-Real-IP, CF-Connecting-IP, True-Client-IP. No
// browser sends any of them, and a page cannot add one to a WebSocket.
func passedOn(h http.Header) bool {
	for name := range h {
		name = strings.ToLower(name)
		if name == "via" || name == "cdn-loop" || name == "x-original-host" ||
			strings.Contains(name, "forwarded") || strings.HasSuffix(name, "-ip") {
			return true
		}
	}
	return false
}

// asked tells what a Host header asks for: the address, if it is one, or whether
// it is a name of this machine's own. A name that somebody else controls could be
// made to point here (DNS rebinding), and its page would then count as being of
// this host.
func asked(host string) (addr netip.Addr, own bool) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap(), false
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return addr, true
	}
	name, err := os.Hostname()
	if err != nil || name == "" {
		return addr, false
	}
	name = strings.ToLower(name)
	short, _, _ := strings.Cut(name, ".")
	return addr, host == name || host == short || host == short+".local" // RFC 6762 §3
}
