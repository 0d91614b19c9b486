package wire

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// sameMachine tells whether a request comes from a browser on this machine.
func sameMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr := peer.Addr().Unmap()
	if !addr.IsLoopback() {
		// The machine's own address from outside: a name of its own was asked for.
		local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if !ok {
			return false
		}
		here, err := netip.ParseAddrPort(local.String())
		if err != nil || here.Addr().Unmap() != addr {
			return false
		}
	}
	return ownName(r.Host)
}

// ownName tells whether a Host header can mean this machine. A name that somebody
// else controls could be made to point here (DNS rebinding), and its page would
// then count as being of this host.
func ownName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	own, err := os.Hostname()
	if err != nil || own == "" {
		return false
	}
	own = strings.ToLower(own)
	short, _, _ := strings.Cut(own, ".")
	return host == own || host == short || host == short+".local"
}
