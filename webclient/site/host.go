package site

import (
	"net"
	"regexp"
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
