package tcpdump

import "encoding/binary"

// A payloadPrinter prints what a TCP segment carries between two ports.
type payloadPrinter func(f *formatter, b []byte, length uint32, sport, dport uint16)

// payloadPrinters are those of tcp_print in print-tcp.c, with their ports. If both
// ports of a segment have one, the first in this order prints. What tcpdump decodes
// there and this package does not is named.
var payloadPrinters = []struct {
	print payloadPrinter
	ports []uint16
}{
	{func(f *formatter, b []byte, length uint32, _, _ uint16) { f.telnet(b, length) }, []uint16{23}},
	{textPayload(&textSMTP), []uint16{25}},
	{textPayload(&textWhois), []uint16{43}},
	{namedPayload(": BGP", 1), []uint16{179}},
	{namedPayload(": pptp", 0), []uint16{1723}},
	{namedPayload(": RESP", 0), []uint16{6379}},
	{func(f *formatter, b []byte, length uint32, _, _ uint16) { f.ssh(b, length) }, []uint16{22}},
	{namedPayload(" BEEP", 0), []uint16{10288}},
	{namedPayload(": OpenFlow", 0), []uint16{6633, 6653}},
	{textPayload(&textFTP), []uint16{21}},
	{textPayload(&textHTTP), []uint16{80, 8080}},
	{textPayload(&textRTSP), []uint16{554, 8554}},
	{namedPayload(" domain", 0), []uint16{53}},
	{namedPayload(": msdp", 0), []uint16{639}},
	{namedPayload(", RPKI-RTR", 1), []uint16{323}},
	{namedPayload(" LDP", 0), []uint16{646}},
	{(*formatter).nfs, []uint16{2049}},
}

// payloadOrder has for each port the index in payloadPrinters, counted from 1.
var payloadOrder = func() (t [1 << 16]uint8) {
	for i, p := range payloadPrinters {
		for _, port := range p.ports {
			t[port] = uint8(i + 1)
		}
	}
	return t
}()

// tcpPayload prints what a port announces.
func (f *formatter) tcpPayload(b []byte, length uint32, sport, dport uint16) {
	// Of a port without a printer the index wraps to the highest there is.
	if i := int(min(payloadOrder[sport]-1, payloadOrder[dport]-1)); i < len(payloadPrinters) {
		payloadPrinters[i].print(f, b, length, sport, dport)
	}
}

func textPayload(p *textProtocol) payloadPrinter {
	return func(f *formatter, b []byte, length uint32, _, _ uint16) { f.text(p, b, length) }
}

// namedPayload names what is not decoded, which tcpdump decodes at that verbosity.
func namedPayload(name string, verbose int) payloadPrinter {
	return func(f *formatter, _ []byte, _ uint32, _, _ uint16) {
		f.str(name)
		if f.opt.Verbose >= verbose {
			f.str(" (not decoded)")
		}
	}
}

// nfs names an NFS message: a call to the port, or a reply from it, told by the
// direction of the RPC message behind its length (RFC 5531 §9 and §11). tcpdump
// takes anything else on the port for plain data.
func (f *formatter) nfs(b []byte, _ uint32, sport, dport uint16) {
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
