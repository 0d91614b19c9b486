package filter

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"
)

// Resolver finds what the names in an expression stand for. Numbers and
// addresses never reach it.
type Resolver interface {
	// Host gives the addresses of a host, IPv4 and IPv6.
	Host(name string) ([]netip.Addr, error)
	// Port gives the port of a service; transport is "tcp" or "udp".
	Port(transport, name string) (uint16, error)
	// Protocol gives the number of a protocol above IP.
	Protocol(name string) (uint8, error)
	// Network gives an IPv4 network.
	Network(name string) (netip.Prefix, error)
	// Ether gives the Ethernet address of a host.
	Ether(name string) ([6]byte, error)
}

// System asks the machine: its resolver for at most ten seconds a host, and the
// files services(5), protocols(5), networks(5) and ethers(5).
var System Resolver = system{"/etc"}

type system struct{ dir string }

var errUnknown = errors.New("unknown name")

func (system) Host(name string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
}

func (system) Port(transport, name string) (uint16, error) {
	n, err := net.LookupPort(transport, name)
	return uint16(n), err
}

func (s system) Protocol(name string) (uint8, error) {
	if f := s.find("protocols", 0, name); f != nil {
		n, err := strconv.ParseUint(f[1], 10, 8)
		return uint8(n), err
	}
	if p, ok := overIP[name]; ok {
		return uint8(p.num), nil
	}
	return 0, errUnknown
}

// Network takes the zeros at the end of the number for the part that is free:
// 127.0.0.0 is 127.0.0.0/8.
func (s system) Network(name string) (netip.Prefix, error) {
	f := s.find("networks", 0, name)
	if f == nil {
		return netip.Prefix{}, errUnknown
	}
	parts := strings.Split(f[1], ".")
	for len(parts) < 4 {
		parts = append(parts, "0")
	}
	a, err := netip.ParseAddr(strings.Join(parts, "."))
	if err != nil || !a.Is4() {
		return netip.Prefix{}, errUnknown
	}
	b, bits := a.As4(), 32
	for bits > 8 && b[bits/8-1] == 0 {
		bits -= 8
	}
	return a.Prefix(bits)
}

func (s system) Ether(name string) (a [6]byte, err error) {
	f := s.find("ethers", 1, name)
	if f == nil || lenMAC(f[0]) != len(f[0]) {
		return a, errUnknown
	}
	copy(a[:], parseMAC(f[0]))
	return a, nil
}

// find gives the fields of the line that has the name at or behind column
// first; the columns before it are not names.
func (s system) find(file string, first int, name string) []string {
	f, err := os.Open(s.dir + "/" + file)
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
