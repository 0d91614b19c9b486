package listen

import (
	"net"
	"net/netip"
	"slices"
)

// link is an interface of this machine.
type link struct {
	addresses []netip.Prefix
	tunnel    bool // there is one other end, and no network
}

// Addresses gives the addresses by which others can reach this machine, each once,
// likeliest first: IPv4, that of the network with the way out, private ones, the others,
// those of tunnels. IPv4 addresses that machines give themselves (RFC 3927) are the last
// resort. Of IPv6 there is one for each interface: a global one, for a network may give
// telephones no IPv4 (RFC 8925); where there is no IPv4 at all a unique local one, too.
func Addresses() ([]netip.Addr, error) {
	links, err := links()
	if err != nil {
		return nil, err
	}
	return reachable(links, wayOut()), nil
}

func links() ([]link, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []link
	for _, i := range interfaces {
		// An unplugged cable has an address too, and so has a container
		// engine's bridge with no container on it: nobody is behind them.
		if i.Flags&net.FlagRunning == 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		l := link{tunnel: i.Flags&net.FlagPointToPoint != 0}
		for _, a := range addresses {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				l.addresses = append(l.addresses, prefix)
			}
		}
		all = append(all, l)
	}
	return all, nil
}

// wayOut gives the address that packets to elsewhere would have, or the zero Addr. None
// is sent: to connect a UDP socket is to choose its addresses.
func wayOut() netip.Addr {
	c, err := net.Dial("udp4", "192.0.2.1:9") // TEST-NET-1 of RFC 5737, discard
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}

// carrier are the addresses that a machine without IPv4 gives its own translator
// (RFC 7335).
var carrier = netip.MustParsePrefix("192.0.0.0/29")

func reachable(links []link, out netip.Addr) []netip.Addr {
	var first, private, public, tunnels, own, global, local []netip.Addr
	for _, l := range links {
		six := 0 // how many of them are in global
		for _, p := range l.addresses {
			switch a := p.Addr().Unmap(); {
			case a.IsLoopback(), a.IsUnspecified(), a.IsMulticast(), carrier.Contains(a), a.Is6() && a.IsLinkLocalUnicast():
			case a.Is6() && a.IsPrivate():
				local = append(local, a)
			case a.Is6():
				if six++; six == 1 && !l.tunnel {
					global = append(global, a)
				}
			case a.IsLinkLocalUnicast():
				own = append(own, a)
			case l.tunnel:
				tunnels = append(tunnels, a)
			case a == out:
				first = append(first, a)
			case a.IsPrivate():
				private = append(private, a)
			default:
				public = append(public, a)
			}
		}
	}
	four := slices.Concat(first, private, public, tunnels)
	if len(four) == 0 {
		four = own
	}
	all := append(four, global...)
	if len(all) == 0 {
		all = local
	}
	var each []netip.Addr
	for _, a := range all {
		if !slices.Contains(each, a) {
			each = append(each, a)
		}
	}
	return each
}

// isBroadcast tells whether an address is that of all machines of a network.
func isBroadcast(a netip.Addr) bool {
	if !a.Is4() {
		return false
	}
	links, _ := links() // where they are not to be seen none is known
	for _, l := range links {
		for _, p := range l.addresses {
			if p.Addr().Is4() && p.Bits() < 31 && a == last(p) {
				return true
			}
		}
	}
	return a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// last gives the last address of an IPv4 network.
func last(p netip.Prefix) netip.Addr {
	a := p.Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		a[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(a)
}
