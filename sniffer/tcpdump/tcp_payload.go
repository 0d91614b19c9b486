package tcpdump

import "encoding/binary"

// announces reports whether tcpPayload knows a port.
func announces(port uint16) bool {
	switch port {
	case 21, 22, 23, 25, 43, 53, 80, 179, 323, 554, 639, 646, 1723, 2049, 6379, 6633, 6653, 8080, 8554, 10288:
		return true
	}
	return false
}

// tcpPayload prints what a port announces, as tcp_print in print-tcp.c does; the
// order of the tests decides when both ports are known. What tcpdump decodes
// there and this package does not is named.
func (f *formatter) tcpPayload(b []byte, length uint32, sport, dport uint16) {
	if !announces(sport) && !announces(dport) {
		return
	}
	has := func(ports ...uint16) bool {
		for _, p := range ports {
			if sport == p || dport == p {
				return true
			}
		}
		return false
	}
	switch {
	case has(23):
		f.telnet(b, length)
	case has(25):
		f.text(&textSMTP, b, length)
	case has(43):
		f.text(&textWhois, b, length)
	case has(179):
		f.str(": BGP")
		if f.opt.Verbose > 0 {
			f.str(" (not decoded)")
		}
	case has(1723):
		f.str(": pptp (not decoded)")
	case has(6379):
		f.str(": RESP (not decoded)")
	case has(22):
		f.ssh(b, length)
	case has(10288):
		f.str(" BEEP (not decoded)")
	case has(6633, 6653):
		f.str(": OpenFlow (not decoded)")
	case has(21):
		f.text(&textFTP, b, length)
	case has(80, 8080):
		f.text(&textHTTP, b, length)
	case has(554, 8554):
		f.text(&textRTSP, b, length)
	case has(53):
		f.str(" domain (not decoded)")
	case has(639):
		f.str(": msdp (not decoded)")
	case has(323):
		f.str(", RPKI-RTR")
		if f.opt.Verbose > 0 {
			f.str(" (not decoded)")
		}
	case has(646):
		f.str(" LDP (not decoded)")
	case has(2049):
		f.nfs(b, sport, dport)
	}
}

// nfs names an NFS message: a call to the port, or a reply from it, told by the
// direction of the RPC message behind its length (RFC 5531 §9 and §11). tcpdump
// takes anything else on the port for plain data.
func (f *formatter) nfs(b []byte, sport, dport uint16) {
	const call, reply = 0, 1
	if len(b) < 12 {
		return
	}
	xid, direction := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	switch {
	case direction == call && dport == 2049:
		f.str(": NFS request xid ").uint(xid).str(" (not decoded)")
	case direction == reply && sport == 2049:
		f.str(": NFS reply xid ").uint(xid).str(" (not decoded)")
	}
}
