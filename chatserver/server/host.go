package server

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

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
