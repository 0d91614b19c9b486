package main

import (
	"bufio"
	"context"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"chatlab/sniffer/tcpdump"
)

// names makes names of addresses and ports, as the system does. It keeps what
// it has found.
type names struct {
	ctx   context.Context
	hosts map[netip.Addr]string
	ports map[string]string // "80/tcp"
}

var _ tcpdump.Names = (*names)(nil)

func newNames(ctx context.Context) *names {
	return &names{ctx, make(map[netip.Addr]string), readServices("/etc/services")}
}

// lookupTime is how long one name is waited for, at most. Printing waits with it.
const lookupTime = 2 * time.Second

// maxHosts is how many names are kept.
const maxHosts = 1 << 16

func (n *names) Host(a netip.Addr) string {
	name, ok := n.hosts[a]
	if ok {
		return name
	}
	ctx, cancel := context.WithTimeout(n.ctx, lookupTime)
	defer cancel()
	if found, err := net.DefaultResolver.LookupAddr(ctx, a.String()); err == nil && len(found) > 0 {
		name = strings.TrimSuffix(found[0], ".")
	}
	if len(n.hosts) >= maxHosts {
		clear(n.hosts)
	}
	n.hosts[a] = name
	return name
}

func (n *names) Port(network string, port uint16) string {
	return n.ports[strconv.Itoa(int(port))+"/"+network]
}

// readServices reads services(5); of several names the first counts.
func readServices(file string) map[string]string {
	ports := make(map[string]string)
	f, err := os.Open(file)
	if err != nil {
		return ports
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		if fields := strings.Fields(line); len(fields) >= 2 && ports[fields[1]] == "" {
			ports[fields[1]] = fields[0]
		}
	}
	return ports
}

// interfaceNames returns a lookup of names by index that asks the system once.
func interfaceNames() func(uint32) string {
	known := make(map[uint32]string)
	return func(index uint32) string {
		name, ok := known[index]
		if !ok {
			if i, err := net.InterfaceByIndex(int(index)); err == nil && index != 0 {
				name = i.Name
			}
			known[index] = name
		}
		return name
	}
}
