package tcpdump

import "encoding/binary"

// radioField prints one field (print_radiotap_field).
func (f *formatter) radioField(bit int, b []byte, present uint32) {
	switch bit {
	case rtTSFT:
		f.uint64(binary.LittleEndian.Uint64(b)).str("us tsft ")
	case rtFlags:
		for i, name := range []string{"cfp ", "short preamble ", "wep ", "fragmented ", "", "", "bad-fcs "} {
			if b[0]>>i&1 != 0 {
				f.str(name)
			}
		}
	case rtRate:
		if b[0]>>4 == 8 {
			f.str("MCS ").uint(uint32(b[0] & 0x7f)).char(' ')
		} else {
			f.tenths(uint32(b[0]) * 5).str(" Mb/s ")
		}
	case rtChannel:
		if present>>rtXChannel&1 == 0 {
			f.radioChannel(binary.LittleEndian.Uint16(b), uint32(binary.LittleEndian.Uint16(b[2:])), present)
		}
	case rtFHSS:
		f.str("fhset ").uint(uint32(b[0])).str(" fhpat ").uint(uint32(b[1])).char(' ')
	case rtSignal:
		f.int(int(int8(b[0]))).str("dBm signal ")
	case rtNoise:
		f.int(int(int8(b[0]))).str("dBm noise ")
	case rtLockQuality:
		f.uint(uint32(binary.LittleEndian.Uint16(b))).str(" sq ")
	case rtTxAttenuation:
		f.int(-int(int16(binary.LittleEndian.Uint16(b)))).str(" tx power ")
	case rtTxAttenuationDB:
		f.int(-int(int8(b[0]))).str("dB tx attenuation ")
	case rtTxPower:
		f.int(int(int8(b[0]))).str("dBm tx power ")
	case rtAntenna:
		f.str("antenna ").uint(uint32(b[0])).char(' ')
	case rtSignalDB:
		f.uint(uint32(b[0])).str("dB signal ")
	case rtNoiseDB:
		f.uint(uint32(b[0])).str("dB noise ")
	case rtXChannel:
		f.radioChannel(binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint32(b), present)
	case rtMCS:
		f.radioMCS(b[0], b[1], b[2])
	case rtVHT:
		f.radioVHT(b)
	}
}

// Attributes of a channel (radiotap.org: Channel, XChannel).
const (
	chanTurbo   = 0x10
	chanCCK     = 0x20
	chanOFDM    = 0x40
	chan2GHz    = 0x80
	chan5GHz    = 0x100
	chanDynamic = 0x400
	chanGFSK    = 0x800
	chanHalf    = 0x4000
	chanQuarter = 0x8000
	chanHT20    = 0x10000
	chanHT40U   = 0x20000
	chanHT40D   = 0x40000
)

// radioChannel prints a frequency in MHz and what kind of channel it is.
func (f *formatter) radioChannel(frequency uint16, flags, present uint32) {
	is := func(all uint32) bool { return flags&all == all }
	width := func(standard string) {
		f.str(standard)
		switch {
		case is(chanHalf):
			f.str("/10Mhz")
		case is(chanQuarter):
			f.str("/5Mhz")
		}
	}
	f.uint(uint32(frequency)).str(" MHz")
	if present>>rtMCS&1 != 0 {
		f.str(" 11n")
	} else {
		if is(chan2GHz | chanGFSK) {
			f.str(" FHSS")
		}
		if is(chan5GHz | chanOFDM) {
			width(" 11a")
		}
		if is(chan2GHz|chanOFDM) || is(chan2GHz|chanDynamic) {
			width(" 11g")
		} else if is(chan2GHz | chanCCK) {
			f.str(" 11b")
		}
		if is(chanTurbo) {
			f.str(" Turbo")
		}
	}
	switch {
	case is(chanHT20):
		f.str(" ht/20")
	case is(chanHT40D):
		f.str(" ht/40-")
	case is(chanHT40U):
		f.str(" ht/40+")
	}
	f.char(' ')
}

// htRates are the data rates of the modulation and coding schemes 0 to 76 in the
// units of the first, 6.5 Mb/s at 20 MHz and 13.5 Mb/s at 40 MHz, both with a
// long guard interval (IEEE 802.11-2020 §19.5). Scheme 32, which is none of
// these units, is 40 MHz wide only.
const htRates = "\x01\x02\x03\x04\x06\x08\x09\x0a\x02\x04\x06\x08\x0c\x10\x12\x14\x03\x06\x09\x0c\x12\x18\x1b\x1e\x04\x08\x0c\x10\x18\x20\x24\x28" +
	"\x00\x06\x08\x0a\x09\x0c\x0f\x08\x0a\x0a\x0c\x0e\x0e\x10\x0c\x0f\x0f\x12\x15\x15\x18\x0a\x0c\x0e\x0c\x0e\x10\x12\x10\x12\x14\x14\x16" +
	"\x0f\x12\x15\x12\x15\x18\x1b\x18\x1b\x1e\x1e\x21"

// htRate is a scheme's data rate in tenths of a megabit a second, rounded; 0 for
// none.
func htRate(mcs uint8, wide, short bool) uint32 {
	if int(mcs) >= len(htRates) {
		return 0
	}
	rate := uint32(htRates[mcs]) * 65
	if wide {
		if rate = uint32(htRates[mcs]) * 135; mcs == 32 {
			rate = 60
		}
	}
	if short {
		rate = (rate*20 + 9) / 18
	}
	return rate
}

// radioMCS prints a modulation and coding scheme of 802.11n.
func (f *formatter) radioMCS(known, flags, mcs uint8) {
	const bandwidth, index, guard, format, fec, stbc = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
	choice := func(bit uint8, set, clear string) {
		if flags&bit != 0 {
			clear = set
		}
		f.str(clear)
	}
	if known&index != 0 {
		if known&(bandwidth|guard) != 0 {
			if rate := htRate(mcs, flags&3 == 1, flags&4 != 0); rate > 0 {
				f.tenths(rate).str(" Mb/s ")
			}
		}
		f.str("MCS ").uint(uint32(mcs)).char(' ')
	}
	if known&bandwidth != 0 {
		f.str([...]string{"20 MHz ", "40 MHz ", "20 MHz (L) ", "20 MHz (U) "}[flags&3])
	}
	if known&guard != 0 {
		choice(4, "short GI ", "long GI ")
	}
	if known&format != 0 {
		choice(8, "greenfield ", "mixed ")
	}
	if known&fec != 0 {
		choice(16, "LDPC FEC ", "BCC FEC ")
	}
	if known&stbc != 0 {
		f.str("RX-STBC").uint(uint32(flags >> 5 & 3)).char(' ')
	}
}

// vhtBandwidths are those of print_radiotap_field, one of them as it has it.
var vhtBandwidths = [...]string{
	"20 MHz", "40 MHz", "20 MHz (L)", "20 MHz (U)", "80 MHz", "80 MHz (L)", "80 MHz (U)", "80 MHz (LL)", "80 MHz (LU)", "80 MHz (UL)", "80 MHz (UU)",
	"160 MHz", "160 MHz (L)", "160 MHz (U)", "160 MHz (LL)", "160 MHz (LU)", "160 MHz (UL)", "160 MHz (UU)", "160 MHz (LLL)", "160 MHz (LLU)",
	"160 MHz (LUL)", "160 MHz (UUU)", "160 MHz (ULL)", "160 MHz (ULU)", "160 MHz (UUL)", "160 MHz (UUU)",
	"unknown (26)", "unknown (27)", "unknown (28)", "unknown (29)", "unknown (30)", "unknown (31)",
}

// radioVHT prints what 802.11ac did for each of four users.
func (f *formatter) radioVHT(b []byte) {
	const guard, bandwidth = 0x0004, 0x0040
	known := binary.LittleEndian.Uint16(b)
	for user, v := range b[4:8] {
		if v&15 == 0 {
			continue // no stream
		}
		f.str("User ").uint(uint32(user)).str(" MCS ").uint(uint32(v >> 4))
		if b[8]>>user&1 != 0 {
			f.str(" LDPC FEC ")
		} else {
			f.str(" BCC FEC ")
		}
	}
	if known&bandwidth != 0 {
		f.str(vhtBandwidths[b[3]&31]).char(' ')
	}
	if known&guard != 0 {
		if b[2]&4 != 0 {
			f.str("short GI ")
		} else {
			f.str("long GI ")
		}
	}
}
