package dissect

// PPP protocol numbers (RFC 1332, RFC 5072).
const (
	pppIPv4 = 0x21
	pppIPv6 = 0x57
)

// ppp reads the header of RFC 1661: the protocol, of one byte if that is odd.
// Address and control (RFC 1662 §3.1) may stand before it; in the address's
// place pppd writes the direction (print-ppp.c).
func (h *header) ppp() error {
	b, err := h.next(2)
	if err == nil && b[1] == 3 && (b[0] == 0xff || b[0] <= 1) {
		h.at += 2
		b, err = h.next(1)
	}
	switch {
	case err != nil:
		return err
	case b[0]&1 == 0:
		return h.pppProtocol()
	}
	h.at++
	return h.pppCarries(uint16(b[0]))
}

// pppProtocol reads a protocol of two bytes.
func (h *header) pppProtocol() error {
	p, err := h.number()
	if err != nil {
		return err
	}
	return h.pppCarries(p)
}

func (h *header) pppCarries(protocol uint16) error {
	switch protocol {
	case pppIPv4:
		return h.announced(EtherIPv4)
	case pppIPv6:
		return h.announced(EtherIPv6)
	}
	return ErrNotIP
}

// serial reads a header that always has an address: of PPP, or of Cisco HDLC,
// which has an EtherType.
func (h *header) serial() error {
	b, err := h.take(2)
	switch {
	case err != nil:
		return err
	case b[0] == 0xff:
		return h.pppProtocol()
	case b[0] == 0x0f || b[0] == 0x8f:
		return h.etherType()
	}
	return ErrNotIP
}

// pppoe reads the header of a PPPoE session (RFC 2516 §4): version and type, the
// code 0, the session, and the length of what follows.
func (h *header) pppoe() error {
	b, err := h.take(6)
	switch {
	case err != nil:
		return err
	case b[0] != 0x11 || b[1] != 0:
		return ErrNotIP
	}
	return h.ppp()
}
