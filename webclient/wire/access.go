package wire

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// sameMachine reports whether a request comes from a browser on this machine. What a
// proxy or a tunnel on this machine forwards has a local address, too, but its Host
// header or its other headers tell.
func sameMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	here := peer.Addr().Unmap()
	if !here.IsLoopback() {
		// Any address of this machine's: the connection is from it to itself.
		local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if !ok {
			return false
		}
		to, err := netip.ParseAddrPort(local.String())
		if err != nil || to.Addr().Unmap() != here {
			return false
		}
	}
	addr, own := requestedHost(r.Host)
	return !forwarded(r.Header) && (own || addr.IsLoopback() || addr == here)
}

// forwarded reports whether a header says that a proxy forwarded the request.
// Forwarded is RFC 7239's, Via RFC 9110 §7.6.3's, CDN-Loop RFC 8586's. The others
// have no standard and many spellings, such as X-Forwarded-For,
// X-Original-Forwarded-For, X-Real-IP, CF-Connecting-IP, True-Client-IP. No browser
// sends any of them, and a page cannot add one to a WebSocket.
func forwarded(h http.Header) bool {
	for name := range h {
		name = strings.ToLower(name)
		if name == "via" || name == "cdn-loop" || name == "x-original-host" ||
			strings.Contains(name, "forwarded") || strings.HasSuffix(name, "-ip") {
			return true
		}
	}
	return false
}

// requestedHost returns the address in a Host header, if it is one, or whether it is
// a name of this machine. A name that somebody else controls can be made to point
// here, and pages of that name would then count as of this host (DNS rebinding).
func requestedHost(host string) (addr netip.Addr, own bool) {
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

// fromTLS reports whether a request comes from a page of https. Such a page connects by
// wss only, which this server does not speak: something with its name's certificate
// stands between, and somebody else's name has not been made to point here. Names that
// lead a browser to its own machine, to which it connects by ws too, are this machine's.
func fromTLS(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Origin"), "https://") }

// acceptOptions has websocket.Accept refuse pages of other origins with 403: it compares
// Origin and Host. A tunnel may write its port's own address in the place of either, and
// says beside it what the browser asked for; no page can.
func acceptOptions(r *http.Request) *websocket.AcceptOptions {
	o := &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled}
	if asked := r.Header.Values("X-Forwarded-Host"); len(asked) > 0 {
		o.OriginPatterns = append(slices.Clone(asked), "localhost:*")
	}
	return o
}
