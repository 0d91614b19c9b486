package capture

import (
	"math/bits"
	"strings"
	"time"
)

// ngInterface is what an Interface Description Block says.
type ngInterface struct {
	link    LinkType
	snaplen int
	name    string
	units   uint64 // of time, a second
	offset  int64  // seconds to add
}

// addInterface reads an Interface Description Block.
func (n *pcapng) addInterface(body []byte) error {
	if len(body) < 8 {
		return tooShort(blockInterface)
	}
	if len(n.ifaces) == maxInterfaces {
		return texts.Error("broken.interfaces", "n", maxInterfaces)
	}
	i := ngInterface{link: LinkTypeOf(uint32(n.u16(body))), units: 1e6}
	i.snaplen = adjustSnaplen(i.link, n.u32(body[4:]))
	given := map[uint16]bool{}
	for options := body[8:]; len(options) > 0; {
		code, value, rest, ok := n.option(options)
		switch {
		case !ok:
			return tooShort(blockInterface)
		case code == optEnd && len(value) != 0:
			return texts.Error("broken.endofopt", "length", len(value))
		case code == optEnd:
			rest = nil
		}
		if err := i.set(n, code, value, given[code]); err != nil {
			return err
		}
		given[code], options = true, rest
	}
	n.ifaces = append(n.ifaces, i)
	return nil
}

// The options of an Interface Description Block that count here (pcapng draft
// §4.2).
const (
	optEnd        = 0
	optIfName     = 2
	optIfTsresol  = 9
	optIfTsoffset = 14
)

// option takes the first of several options: code, length, and the value, filled
// up to four bytes.
func (n *pcapng) option(options []byte) (code uint16, value, rest []byte, ok bool) {
	if len(options) < 4 {
		return 0, nil, nil, false
	}
	code, size := n.u16(options), int(n.u16(options[2:]))
	options = options[4:]
	padded := (size + 3) &^ 3
	if padded > len(options) {
		return 0, nil, nil, false
	}
	return code, options[:size], options[padded:], true
}

// set takes over what an option says; again: it was given before.
func (i *ngInterface) set(n *pcapng, code uint16, value []byte, again bool) error {
	switch code {
	case optIfName:
		name := strings.ToValidUTF8(string(value[:min(len(value), maxInterfaceTxt)]), "")
		i.name = strings.TrimRight(name, "\x00")
	case optIfTsresol:
		if err := once("if_tsresol", again, len(value), 1); err != nil {
			return err
		}
		return i.setUnits(value[0])
	case optIfTsoffset:
		if err := once("if_tsoffset", again, len(value), 8); err != nil {
			return err
		}
		i.offset = int64(n.u64(value))
	}
	return nil
}

// once checks an option that a block may have once.
func once(name string, again bool, size, want int) error {
	if size != want {
		return texts.Error("broken.option", "option", name, "length", size, "want", want)
	}
	if again {
		return texts.Error("broken.twice", "option", name)
	}
	return nil
}

// setUnits reads a resolution: a negative power of ten, or of two if the
// uppermost bit is set.
func (i *ngInterface) setUnits(v byte) error {
	if v&0x80 != 0 {
		if v &= 0x7f; v > 63 {
			return texts.Error("broken.resolution", "base", 2, "exponent", int(v))
		}
		i.units = 1 << v
		return nil
	}
	if v > 19 {
		return texts.Error("broken.resolution", "base", 10, "exponent", int(v))
	}
	i.units = 1
	for range v {
		i.units *= 10
	}
	return nil
}

func (i *ngInterface) packet(p *Packet, data []byte, length int, t time.Time) {
	p.Time, p.Excess = t, 0
	p.LinkType = i.link
	p.Interface = i.name
	p.Direction = DirectionUnknown
	p.Length = length
	p.Data = data
}

func (i *ngInterface) time(t uint64) time.Time {
	var sec, frac uint64
	switch i.units { // divisions by constants are faster
	case 1e6:
		sec, frac = t/1e6, t%1e6*1000
	case 1e9:
		sec, frac = t/1e9, t%1e9
	default:
		sec, frac = t/i.units, t%i.units
		hi, lo := bits.Mul64(frac, 1e9)
		frac, _ = bits.Div64(hi, lo, i.units)
	}
	return time.Unix(int64(sec)+i.offset, int64(frac)).UTC()
}
