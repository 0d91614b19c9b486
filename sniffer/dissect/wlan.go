package dissect

import "encoding/binary"

// Bits of the frame control field of 802.11, its two bytes one after another
// (IEEE 802.11-2020 §9.2.4.1).
const (
	wlanVersion = 0x03 // of the first byte: always 0
	wlanType    = 0x0c
	wlanData    = 0x08
	wlanNoData  = 0x40 // of a data frame's subtype: it has no body
	wlanQoS     = 0x80 // of a data frame's subtype
	wlanToDS    = 0x01 // of the second byte
	wlanFromDS  = 0x02
	wlanProtect = 0x40 // the body is encrypted
	wlanOrder   = 0x80 // of a QoS data frame: HT control follows
)

// Bits of radiotap's presence words and of its flags (radiotap.org).
const (
	radiotapTSFT  = 1 << 0
	radiotapFlags = 1 << 1
	radiotapMore  = 1 << 31

	radiotapFCS     = 0x10 // the frame's checksum was captured, too
	radiotapDataPad = 0x20 // the frame's header is padded to 32 bits
)

// radiotap reads a radiotap header: version, a byte of padding, its length, and
// the words that say which fields follow. Fields are aligned to their size from
// the header's beginning; only the clock stands before the flags. All is
// little-endian.
func (h *header) radiotap() error {
	b, err := h.next(8)
	if err != nil {
		return err
	}
	if b, err = h.take(int(binary.LittleEndian.Uint16(b[2:]))); err != nil {
		return err
	}
	if len(b) < 8 {
		return ErrMalformed
	}
	present, fields := binary.LittleEndian.Uint32(b[4:]), 8
	for more := present; more&radiotapMore != 0; fields += 4 {
		if len(b) < fields+4 {
			return ErrMalformed
		}
		more = binary.LittleEndian.Uint32(b[fields:])
	}
	if present&radiotapTSFT != 0 {
		fields = (fields+7)&^7 + 8
	}
	var flags byte
	if present&radiotapFlags != 0 && fields < len(b) {
		flags = b[fields]
	}
	if flags&radiotapFCS != 0 {
		h.end -= 4
	}
	return h.wlan(flags&radiotapDataPad != 0)
}

// prism reads a Prism header, which always has 144 bytes, or an AVS header,
// which begins with a cookie and its length, big-endian (print-802_11.c).
func (h *header) prism() error {
	b, err := h.next(8)
	if err != nil {
		return err
	}
	length := uint32(144)
	if binary.BigEndian.Uint32(b)&^0xfff == 0x80211000 {
		length = binary.BigEndian.Uint32(b[4:])
	}
	if length < 8 || int64(length) > int64(h.end-h.at) {
		return ErrMalformed
	}
	h.at += int(length)
	return h.wlan(false)
}

// wlan reads the header of an 802.11 data frame (IEEE 802.11-2020 §9.3.2.1):
// three addresses, four between access points, then QoS and HT control.
func (h *header) wlan(padded bool) error {
	b, err := h.next(1)
	if err != nil {
		return err
	}
	if b[0]&(wlanVersion|wlanType|wlanNoData) != wlanData {
		return ErrNotIP // of management and control, which may be shorter, or empty
	}
	if b, err = h.next(24); err != nil {
		return err
	}
	if b[22]&0x0f != 0 {
		return ErrFragment
	}
	length := 24
	if b[1]&(wlanToDS|wlanFromDS) == wlanToDS|wlanFromDS {
		length += 6
	}
	aggregate := false
	if b[0]&wlanQoS != 0 {
		control, err := h.next(length + 2)
		if err != nil {
			return err
		}
		aggregate = control[length]&0x80 != 0
		length += 2
		if b[1]&wlanOrder != 0 {
			length += 4
		}
	}
	if padded {
		length = (length + 3) &^ 3
	}
	h.at += length
	switch {
	case b[1]&wlanProtect != 0:
		return ErrProtected
	case aggregate:
		return h.aggregate()
	}
	return h.llc()
}

// aggregate reads the one packet of an A-MSDU (IEEE 802.11-2020 §9.3.2.2): two
// addresses and its length stand before it.
func (h *header) aggregate() error {
	b, err := h.take(14)
	if err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint16(b[12:]))
	if h.at+(length+3)&^3 < h.end {
		return ErrAggregate
	}
	h.end = min(h.end, h.at+length)
	return h.llc()
}
