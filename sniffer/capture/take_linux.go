package capture

import "golang.org/x/sys/unix"

// take makes a packet of what was received, or reports that it is not wanted.
func (l *Live) take(p *Packet) bool {
	r := &l.recv
	if r.from.Pkttype == unix.PACKET_OUTGOING && r.from.Hatype == unix.ARPHRD_LOOPBACK {
		return false // it comes in again
	}
	t, aux := r.control()
	wire := r.n
	if aux.Len != 0 {
		wire = int(aux.Len) // the filter may have cut the packet
	}
	begin, end := headroom, headroom+min(r.n, len(r.buf)-headroom)
	if n := l.headerLen(); n > 0 {
		begin -= n
		wire += n
		l.putCooked(r.buf[begin:], &r.from)
	}
	if tag, ok := vlanTag(aux.Status, aux.Vlan_tci, aux.Vlan_tpid); ok {
		if at := l.vlanOffset(); at >= 0 && end-begin >= at {
			copy(r.buf[begin-vlanLen:], r.buf[begin:begin+at])
			begin -= vlanLen
			copy(r.buf[begin+at:], tag[:])
			wire += vlanLen
		}
	}
	p.Data = r.buf[begin:min(end, begin+l.opt.Snaplen)]
	if l.verify != nil {
		if n, err := l.verify.Run(p.Data); err != nil || n == 0 {
			return false
		}
	}
	p.Time = t
	p.LinkType = l.link
	p.Interface = l.nameOf(int(r.from.Ifindex))
	p.Direction = Direction(r.from.Pkttype) + 1
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
