package main

import (
	"fmt"

	"chatlab/sniffer/capture"
)

// linkTypeShort is a link type's name as libpcap has it.
func linkTypeShort(t capture.LinkType) string {
	switch t {
	case capture.Null:
		return "NULL"
	case capture.Ethernet:
		return "EN10MB"
	case capture.Raw, 12, 14:
		return "RAW"
	case capture.Loop:
		return "LOOP"
	case capture.LinuxSLL:
		return "LINUX_SLL"
	case capture.IPv4:
		return "IPV4"
	case capture.IPv6:
		return "IPV6"
	case capture.LinuxSLL2:
		return "LINUX_SLL2"
	}
	return ""
}

// linkTypeName is a link type's name with what it means.
func linkTypeName(t capture.LinkType) string {
	meaning := map[string]string{
		"NULL": "BSD loopback", "EN10MB": "Ethernet", "RAW": "Raw IP", "LOOP": "OpenBSD loopback",
		"LINUX_SLL": "Linux cooked v1", "IPV4": "Raw IPv4", "IPV6": "Raw IPv6", "LINUX_SLL2": "Linux cooked v2",
	}
	name := linkTypeShort(t)
	if name == "" {
		return fmt.Sprint(uint32(t))
	}
	return name + " (" + meaning[name] + ")"
}
