package tcpdump

// Commands of Telnet (RFC 854) that take more than themselves.
const (
	telnetSE   = 240
	telnetSB   = 250
	telnetWill = 251
	telnetDont = 254
	telnetIAC  = 255
)

// telnetCommands are the commands from 236 on.
var telnetCommands = [...]string{
	"EOF", "SUSP", "ABORT", "EOR", "SE", "NOP", "DMARK", "BRK", "IP", "AO", "AYT", "EC", "EL", "GA", "SB",
	"WILL", "WONT", "DO", "DONT", "IAC",
}

var telnetOptions = [...]string{
	"BINARY", "ECHO", "RCP", "SUPPRESS GO AHEAD", "NAME", "STATUS", "TIMING MARK", "RCTE", "NAOL", "NAOP",
	"NAOCRD", "NAOHTS", "NAOHTD", "NAOFFD", "NAOVTS", "NAOVTD", "NAOLFD", "EXTEND ASCII", "LOGOUT", "BYTE MACRO",
	"DATA ENTRY TERMINAL", "SUPDUP", "SUPDUP OUTPUT", "SEND LOCATION", "TERMINAL TYPE", "END OF RECORD",
	"TACACS UID", "OUTPUT MARKING", "TTYLOC", "3270 REGIME", "X.3 PAD", "NAWS", "TSPEED", "LFLOW", "LINEMODE",
	"XDISPLOC", "OLD-ENVIRON", "AUTHENTICATION", "ENCRYPT", "NEW-ENVIRON",
}

// Words of subnegotiations: the first byte, and for two options the second.
var (
	telnetWords      = []string{"IS", "SEND", "INFO"}
	telnetAuth       = []string{"IS", "SEND", "REPLY", "NAME"}
	telnetAuthTypes  = []string{"NULL", "KERBEROS_V4", "KERBEROS_V5", "SPX", "MINK", "SRP", "RSA", "SSL", "", "", "LOKI", "SSA", "KEA_SJ", "KEA_SJ_INTEG", "DSS", "NTLM"}
	telnetCrypt      = []string{"IS", "SUPPORT", "REPLY", "START", "END", "REQUEST-START", "REQUEST-END", "END_KEYID", "DEC_KEYID"}
	telnetCryptTypes = []string{"NULL", "DES_CFB64", "DES_OFB64", "DES3_CFB64", "DES3_OFB64", "", "CAST5_40_CFB64", "CAST5_40_OFB64", "CAST128_CFB64", "CAST128_OFB64"}
)

// telnet prints the commands that a segment starts with (print-telnet.c). It
// returns false if captured bytes run out in one.
func (f *formatter) telnet(b []byte, length uint32) bool {
	f.proto = "telnet"
	b = b[:min(len(b), int(length))]
	cut := len(b) < int(length)
	if len(b) == 0 {
		return false
	}
	sep := " [telnet "
	for len(b) > 0 && b[0] == telnetIAC {
		start := len(f.out)
		f.str(sep)
		n, ok := f.telnetCommand(b, cut)
		if n == 0 {
			f.out = f.out[:start]
			if !ok {
				return false
			}
			break
		}
		sep = ", "
		if n > len(b) || n == len(b) && cut {
			return false
		}
		b = b[n:]
	}
	if sep == ", " {
		f.char(']')
	}
	return true
}

// telnetCommand prints the command at the start of b and returns its length: 0
// if it is none or not whole. ok is false if that is because b was cut.
func (f *formatter) telnetCommand(b []byte, cut bool) (n int, ok bool) {
	if len(b) < 2 {
		return 0, !cut
	}
	c := int(b[1])
	switch {
	case c == telnetIAC:
		f.str("IAC IAC")
		return 2, true
	case c < telnetIAC-len(telnetCommands)+1:
		return 0, true
	case c < telnetSB:
		f.str(telnetCommands[c-236])
		return 2, true
	}
	if len(b) < 3 {
		return 0, !cut
	}
	option := int(b[2])
	f.str(telnetCommands[c-236]).char(' ')
	if option < len(telnetOptions) {
		f.str(telnetOptions[option])
	} else {
		f.alternateHex(option)
	}
	if c != telnetSB {
		return 3, true
	}
	end := 3
	for end+1 < len(b) && !(b[end] == telnetIAC && b[end+1] == telnetSE) {
		end++
	}
	if end >= len(b) || end+1 == len(b) && cut {
		return 0, false
	}
	if b[end] != telnetIAC {
		return 0, true
	}
	f.telnetSub(option, b[3:end])
	f.str(" SE")
	return end + 2, true
}

// telnetSub prints what a subnegotiation of an option holds.
func (f *formatter) telnetSub(option int, b []byte) {
	tables := [][]string{telnetWords}
	switch option {
	case 37:
		tables = [][]string{telnetAuth, telnetAuthTypes}
	case 38:
		tables = [][]string{telnetCrypt, telnetCryptTypes}
	}
	for i, c := range b {
		f.char(' ')
		if i < len(tables) && int(c) < len(tables[i]) && tables[i][c] != "" {
			f.str(tables[i][c])
		} else {
			f.alternateHex(int(c))
		}
	}
}

// alternateHex prints v as "%#x" does: 0 has no prefix.
func (f *formatter) alternateHex(v int) {
	if v == 0 {
		f.char('0')
	} else {
		f.str("0x").hex(uint64(v))
	}
}
