package filter

import (
	"strconv"
	"strings"
)

// portValue is "port 80", "tcp src portrange 8000-8080". Ports are those of TCP,
// UDP and SCTP over IPv4, but not in a fragment that is not the first, and over
// IPv6 directly behind the fixed header.
func (g *lowerer) portValue(v *value) cond {
	t := v.t
	only := v.q.proto
	if only != "" && only != "tcp" && only != "udp" && only != "sctp" {
		failAt(t, "port.proto", "type", v.q.typ, "proto", only)
	}
	var lo, hi uint32
	switch {
	case t.kind == number:
		lo, hi = t.num, t.num
	case t.kind != name:
		failAt(t, "port.address", "type", v.q.typ)
	case v.q.typ == "port":
		var known string
		lo, known = g.portNumber(t, t.canon)
		hi, only = lo, g.transport(t, only, known)
	default:
		a, b, ok := strings.Cut(t.canon, "-")
		if !ok {
			failAt(t, "got", "what", texts.Message("want.portrange"))
		}
		var ka, kb string
		lo, ka = g.portNumber(t, a)
		hi, kb = g.portNumber(t, b)
		if ka != kb {
			ka = ""
		}
		only = g.transport(t, only, ka)
	}
	if lo > 65535 || hi > 65535 {
		failAt(t, "large.port")
	}
	if lo > hi {
		lo, hi = hi, lo
	}
	return anyOf(g.port6(v.q.dir, only, lo, hi, t), g.port4(v.q.dir, only, lo, hi, t))
}

// transport joins what was asked for with what the name is registered for.
func (g *lowerer) transport(t token, asked, known string) string {
	if asked != "" && known != "" && asked != known {
		failAt(t, "port.service", "known", known, "asked", asked)
	}
	return nonEmpty(asked, known)
}

func nonEmpty(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// portNumber looks a service up. If TCP and UDP have it at the same port, or it
// is a number, it is known to none in particular.
func (g *lowerer) portNumber(t token, s string) (port uint32, known string) {
	if n, err := strconv.ParseUint(s, 10, 32); err == nil {
		return uint32(n), ""
	}
	tcp, err := g.names.port(g.ctx, "tcp", s)
	udp, err2 := g.names.port(g.ctx, "udp", s)
	switch {
	case err == nil && err2 == nil && tcp == udp:
		return tcp, ""
	case err == nil:
		return tcp, "tcp"
	case err2 == nil:
		return udp, "udp"
	}
	if a, b, ok := strings.Cut(s, "-"); ok && run(a, len(a), isDigit) == len(a) && run(b, len(b), isDigit) == len(b) {
		failAt(t, "port.range", "name", s)
	}
	failAt(t, "port.unknown", "name", s, "slip", slip(s))
	return 0, ""
}

func transports(only string) []uint32 {
	if only != "" {
		return []uint32{overIP[only].num}
	}
	return []uint32{protoSCTP, protoTCP, protoUDP}
}

func (g *lowerer) between(l *expr, lo, hi uint32) cond {
	if lo == hi {
		return &compare{eq, l, g.num(lo)}
	}
	return allOf(&compare{ge, l, g.num(lo)}, not(&compare{gt, l, g.num(hi)}))
}

func (g *lowerer) port4(d dir, only string, lo, hi uint32, t token) cond {
	var cs []cond
	for _, p := range transports(only) {
		at := func(off uint32) func() cond {
			return func() cond { return g.between(g.behindIPv4(2, g.num(off)), lo, hi) }
		}
		cs = append(cs, allOf(g.inNet(1, 9, p), g.firstFragment(), sides(d, at(0), at(2))))
	}
	return allOf(g.linkProto(etherIP, t), anyOf(cs...))
}

func (g *lowerer) port6(d dir, only string, lo, hi uint32, t token) cond {
	var cs []cond
	for _, p := range transports(only) {
		at := func(off uint32) func() cond {
			return func() cond { return g.between(g.at(2, g.network(40+off)), lo, hi) }
		}
		cs = append(cs, allOf(g.inNet(1, 6, p), sides(d, at(0), at(2))))
	}
	return allOf(g.linkProto(etherIPv6, t), anyOf(cs...))
}

// firstFragment is a fragment offset of 0 (RFC 791 §3.1).
func (g *lowerer) firstFragment() cond {
	return g.masked(2, g.network(6), 0, 0x1fff)
}
