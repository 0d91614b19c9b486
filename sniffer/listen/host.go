package listen

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"chatlab/sniffer/catalogue"
)

// lookupTime bounds how long a name is looked for.
const lookupTime = 5 * time.Second

// Host gives the address of this machine that flag's value names, for TCP: an address,
// an IPv6 one in brackets or not, or a name; "" is all of them.
func Host(ctx context.Context, flag, value string) (string, error) {
	return host(ctx, net.DefaultResolver.LookupNetIP, flag, value)
}

type lookup func(ctx context.Context, network, name string) ([]netip.Addr, error)

func host(ctx context.Context, find lookup, flag, value string) (string, error) {
	no := func(key string, args ...any) error {
		return texts.Error(key, append(args, "flag", flag, "value", shown(value))...).WithHint(hostHint(flag))
	}
	if value == "" {
		return "", nil
	}
	named := value
	if inner, ok := strings.CutPrefix(value, "["); ok && strings.HasSuffix(inner, "]") && strings.Contains(inner, ":") {
		named = strings.TrimSuffix(inner, "]")
	}
	found := []netip.Addr{}
	if a, err := netip.ParseAddr(named); err == nil {
		found = append(found, a)
	} else {
		if !isName(named) {
			return "", no("host.wrong")
		}
		ctx, cancel := context.WithTimeout(ctx, lookupTime)
		defer cancel()
		if found, err = find(ctx, "ip", named); err != nil || len(found) == 0 {
			if ctx.Err() == context.Canceled {
				return "", ctx.Err()
			}
			return "", no("host.unknown")
		}
	}
	// Of several that a name has, one that others can reach.
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return cmp.Compare(rank(a.Unmap()), rank(b.Unmap())) })
	why := error(nil)
	for _, a := range found {
		a = a.Unmap()
		switch {
		case a.IsUnspecified():
			return "", nil
		case a.Is6() && a.IsLinkLocalUnicast():
			why = cmp.Or(why, no("host.link-local", "address", a))
		case !ours(a):
			key := "host.elsewhere"
			if isName(named) {
				key = "host.elsewhere.name"
			}
			why = cmp.Or(why, no(key, "address", a))
		default:
			return a.String(), nil
		}
	}
	return "", why
}

// rank orders the addresses of one name.
func rank(a netip.Addr) int {
	switch {
	case a.IsLoopback() && a.Is4():
		return 2
	case a.IsLoopback():
		return 3
	case a.Is4():
		return 0
	}
	return 1
}

// isName tells whether s could name a machine: letters, digits, "-", "_" and ".", and not
// numbers alone, which were to be an address.
func isName(s string) bool {
	letter := false
	for _, r := range s {
		letter = letter || unicode.IsLetter(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r) {
			return false
		}
	}
	return letter && len(s) <= 253
}

// ours tells whether one machine, this one, has the address.
func ours(a netip.Addr) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(a.String(), "0"))
	if err != nil {
		return !elsewhere(err) // what else is wrong is told of the port
	}
	l.Close()
	return !a.IsMulticast() && !isBroadcast(a) // Linux listens there, and nobody can connect
}

// hostHint says which addresses flag can name.
func hostHint(flag string) catalogue.Message {
	addresses, _ := Addresses()
	said := catalogue.List[string]{}
	for _, a := range append(addresses, netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
		said = append(said, a.String())
	}
	return texts.Message("hint.host", "flag", flag, "addresses", said)
}
