package filter

import (
	"bufio"
	"context"
	"io/fs"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Resolver finds the addresses of hosts and the ports of services. A
// *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupPort(ctx context.Context, network, service string) (int, error)
}

// names finds what the names of an expression stand for. Numbers and addresses
// never reach it.
type names struct {
	resolver Resolver
	etc      fs.FS
	hosts    map[string]answer
}

// answer is what was said to the question for a host. It is asked once: the
// programs for several link types are to have the same addresses.
type answer struct {
	addrs []netip.Addr
	err   error
}

func newNames(resolver Resolver, etc fs.FS) names {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	return names{resolver, etc, map[string]answer{}}
}

func (n names) host(ctx context.Context, name string) ([]netip.Addr, error) {
	a, ok := n.hosts[name]
	if !ok {
		a.addrs, a.err = n.resolver.LookupNetIP(ctx, "ip", name)
		interrupt(ctx, name)
		n.hosts[name] = a
	}
	return a.addrs, a.err
}

// port gives the port of a service; transport is "tcp" or "udp".
func (n names) port(ctx context.Context, transport, service string) (uint32, error) {
	port, err := n.resolver.LookupPort(ctx, transport, service)
	interrupt(ctx, service)
	return uint32(port), err
}

// interrupt ends the compilation if ctx has ended a lookup.
func interrupt(ctx context.Context, name string) {
	if ctx.Err() != nil {
		panic(failure{texts.Error("interrupted", "name", name, "why", context.Cause(ctx))})
	}
}

// protocol gives the number of a protocol above IP.
func (n names) protocol(name string) (uint32, bool) {
	if f := n.find("protocols", 0, name); f != nil {
		v, err := strconv.ParseUint(f[1], 10, 8)
		return uint32(v), err == nil
	}
	p, ok := overIP[name]
	return p.num, ok
}

// network takes the zeros at the end of the number for the part that is free:
// 127.0.0.0 is 127.0.0.0/8.
func (n names) network(name string) (network, bool) {
	f := n.find("networks", 0, name)
	if f == nil {
		return network{}, false
	}
	a, err := netip.ParseAddr(f[1] + strings.Repeat(".0", max(3-strings.Count(f[1], "."), 0)))
	if err != nil || !a.Is4() {
		return network{}, false
	}
	found := hostOf(a)
	for found.mask[0]<<8 != 0 && found.addr[0]&^(found.mask[0]<<8) == 0 {
		found.mask[0] <<= 8
	}
	return found, true
}

// ether gives the Ethernet address of a host.
func (n names) ether(name string) ([]byte, bool) {
	f := n.find("ethers", 1, name)
	if f == nil || lenMAC(f[0]) != len(f[0]) {
		return nil, false
	}
	return parseMAC(f[0]), true
}

// find gives the fields of the line that has the name at or behind column
// first; the columns before it are not names.
func (n names) find(file string, first int, name string) []string {
	f, err := n.etc.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		text, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(text)
		for i, w := range fields {
			if w == name && i >= first && i != 1-first && len(fields) > 1 {
				return fields
			}
		}
	}
	return nil
}
