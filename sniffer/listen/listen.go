// Package listen takes a port of this machine, at an address that somebody named, or
// says in one line why it cannot be had and what to do.
package listen

import (
	"context"
	"embed"
	"net"
	"strconv"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what can be wrong with an address or a port.
var texts = catalogue.Must(embedded, "texts")

// TCP listens on a port of this machine, 0 for a free one: on one address, or with an
// empty host on all. The error is a *Refused.
func TCP(host string, port uint16) (net.Listener, error) {
	if host == "" && port != 0 {
		// BSD's systems and Windows give all addresses beside a program that has
		// 127.0.0.1 alone, and a browser here would find that one.
		l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
		if inUse(err) {
			return nil, Refuse(port, err)
		}
		if err == nil {
			l.Close()
		}
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		return nil, Refuse(port, err)
	}
	return l, nil
}

// At listens where the flag says: at "address:port", or ":port" for all addresses.
func At(ctx context.Context, flag, value string) (net.Listener, error) {
	asked, digits, err := net.SplitHostPort(value)
	if err != nil {
		return nil, texts.Error("address", "flag", flag, "value", shown(value)).WithHint(texts.Message("hint.address", "flag", flag))
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return nil, texts.Error("port", "flag", flag, "value", shown(digits)).WithHint(texts.Message("hint.address", "flag", flag))
	}
	host, err := Host(ctx, flag, asked)
	if err != nil {
		return nil, err
	}
	l, err := TCP(host, uint16(port))
	return l, Remedy(err, flag)
}

// shown makes fit to be shown what somebody typed.
func shown(value string) string {
	const longest = 60 // characters
	return layout.Quote(value, longest)
}
