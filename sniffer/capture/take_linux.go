package capture

import (
	"time"

	"golang.org/x/sys/unix"
)

// take makes a packet of a frame, or reports that it is not wanted.
func (l *Live) take(p *Packet, f frame) bool {
	if f.from.Pkttype == unix.PACKET_OUTGOING && f.from.Hatype == unix.ARPHRD_LOOPBACK {
		return false // it comes in again
	}
	begin, end, wire := f.start, f.start+int(f.Snaplen), int(f.Len)
	if n := l.headerLen(); n > 0 {
		begin -= n
		wire += n
		l.putCooked(l.ring.mem[begin:], f.from)
	}
	if tag, ok := vlanTag(f.Status, f.Hv1.Vlan_tci, f.Hv1.Vlan_tpid); ok {
		if at := l.vlanOffset(); at >= 0 && end-begin >= at {
			copy(l.ring.mem[begin-vlanLen:], l.ring.mem[begin:begin+at])
			begin -= vlanLen
			copy(l.ring.mem[begin+at:], tag[:])
			wire += vlanLen
		}
	}
	if l.match != nil && !l.match(l.ring.mem[begin:end], wire) {
		return false
	}
	p.Data = l.ring.mem[begin:min(end, begin+l.opt.Snaplen)]
	p.Time, p.Excess = time.Unix(int64(f.Sec), int64(f.Nsec)).UTC(), 0
	p.LinkType = l.link
	p.Interface = l.nameOf(int(f.from.Ifindex))
	p.Direction = Direction(f.from.Pkttype) + 1
	if p.Direction > DirectionOut {
		p.Direction = DirectionUnknown
	}
	p.Length = wire
	return true
}

// nameOf names an interface that a packet came from; empty if it is gone.
func (l *Live) nameOf(index int) string {
	if index == l.iface.index {
		return l.iface.name
	}
	name, ok := l.names[index]
	if !ok {
		l.conn.Control(func(fd uintptr) { name, _ = ifaceName(int(fd), index) })
		if len(l.names) < 4096 { // interfaces that come and go
			l.names[index] = name
		}
	}
	return name
}
