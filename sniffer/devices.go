package main

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A device is what -i takes.
type device struct {
	name  string
	about string
	flags []string
	order uint32 // as libpcap ranks it; the lowest is the default
}

// devices lists the interfaces in libpcap's order: those that run first,
// loopback last, "any" between them.
func devices() ([]device, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	all := []device{{name: "any", about: "Pseudo-device that captures on all interfaces", flags: []string{"Up", "Running"}, order: 0x08000000}}
	for _, i := range interfaces {
		d := device{name: i.Name, order: trailingNumber(i.Name)}
		if i.Flags&net.FlagUp != 0 {
			d.flags = append(d.flags, "Up")
		} else {
			d.order |= 0x40000000
		}
		if i.Flags&net.FlagRunning != 0 {
			d.flags = append(d.flags, "Running")
		} else {
			d.order |= 0x80000000
		}
		if i.Flags&net.FlagLoopback != 0 {
			d.flags = append(d.flags, "Loopback")
			d.order |= 0x10000000
		} else if state, ok := carrier(i.Name); ok {
			d.flags = append(d.flags, state)
			if state == "Disconnected" {
				d.order |= 0x20000000
			}
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b device) int { return cmp.Compare(a.order, b.order) })
	return all, nil
}

func trailingNumber(name string) uint32 {
	n, err := strconv.ParseUint(name[len(strings.TrimRight(name, "0123456789")):], 10, 24)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// carrier tells whether something is plugged in, where the system knows.
func carrier(name string) (string, bool) {
	b, err := os.ReadFile("/sys/class/net/" + name + "/carrier")
	if err != nil || len(b) == 0 {
		return "", false
	}
	if b[0] == '1' {
		return "Connected", true
	}
	return "Disconnected", true
}

// listInterfaces prints them as -D does.
func listInterfaces(w io.Writer) error {
	all, err := devices()
	if err != nil {
		return err
	}
	for i, d := range all {
		about := ""
		if d.about != "" {
			about = " (" + d.about + ")"
		}
		flags := "none"
		if len(d.flags) > 0 {
			flags = strings.Join(d.flags, ", ")
		}
		if _, err := fmt.Fprintf(w, "%d.%s%s [%s]\n", i+1, d.name, about, flags); err != nil {
			return err
		}
	}
	return nil
}

// numberedInterface makes a name of a number of -D's list, if no interface is
// called so.
func numberedInterface(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return "", false
	}
	if _, err := net.InterfaceByName(s); err == nil {
		return "", false
	}
	all, err := devices()
	if err != nil || n < 1 || n > len(all) {
		return "", false
	}
	return all[n-1].name, true
}

// firstInterface is what is listened on without -i.
func firstInterface() (string, error) {
	all, err := devices()
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if d.name != "any" || len(all) == 1 {
			return d.name, nil
		}
	}
	return "", hint("sniffer -i any", "no suitable device found")
}
