package tcpdump

// Commands of Telnet (RFC 854).
const (
	telnetFirst = 236 // of telnetCommands
	telnetSE    = 240
	telnetSB    = 250
	telnetIAC   = 255
)

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

// telnet prints the commands that a segment starts with (print-telnet.c).
func (f *formatter) telnet(b []byte, length uint32) {
	f.proto = "telnet"
	left := int(length)
	b = b[:min(len(b), left)]
	sep := " [telnet "
	for left > 0 {
		f.need(b, 1)
		n := f.telnetLength(b, left)
		if n == 0 {
			break
		}
		f.str(sep)
		sep = ", "
		f.telnetCommand(b, n)
		f.need(b, n)
		b, left = b[n:], left-n
	}
	if sep == ", " {
		f.char(']')
	}
}

// telnetLength is the length of the command at the start of b, 0 if there is
// none. Of the segment there are left bytes, in b as far as they were captured.
func (f *formatter) telnetLength(b []byte, left int) int {
	if b[0] != telnetIAC || left < 2 {
		return 0
	}
	f.need(b, 2)
	switch c := int(b[1]); {
	case c < telnetFirst:
		return 0
	case c < telnetSB, c == telnetIAC:
		return 2
	}
	if left < 3 {
		return 0
	}
	f.need(b, 3)
	if b[1] != telnetSB {
		return 3
	}
	end := 3
	for end+1 < len(b) && !(b[end] == telnetIAC && b[end+1] == telnetSE) {
		end++
	}
	// tcpdump looks at the last byte of a segment even where none is left.
	f.need(b, min(end+2, max(left, end+1)))
	if b[end] != telnetIAC {
		return 0
	}
	return end + 2
}

// telnetCommand prints the command of n bytes at the start of b.
func (f *formatter) telnetCommand(b []byte, n int) {
	if b[1] == telnetIAC {
		f.str("IAC IAC")
		return
	}
	f.str(telnetCommands[b[1]-telnetFirst])
	if n == 2 {
		return
	}
	option := int(b[2])
	f.char(' ')
	if option < len(telnetOptions) {
		f.str(telnetOptions[option])
	} else {
		f.alternateHex(option)
	}
	if b[1] == telnetSB {
		f.telnetSub(option, b[3:n-2])
		f.str(" SE")
	}
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
