package guide

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"chatlab/sniffer/dissect"
)

// maxLine bounds a line that is typed, in bytes.
const maxLine = 1024

// clean makes what was typed fit to be read and shown again: control characters
// and what is no UTF-8 are gone, full-width forms (U+FF01 to U+FF5E, which
// Chinese input methods make) are the ASCII ones.
func clean(line string) string {
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	line = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000:
			return ' '
		}
		return r
	}, line)
	return strings.TrimSpace(line)
}

// flagNames are the control bits' names of RFC 9293 §3.1.
var flagNames = map[string]dissect.Flags{
	"SYN": dissect.SYN, "ACK": dissect.ACK, "PSH": dissect.PSH, "PUSH": dissect.PSH,
	"FIN": dissect.FIN, "RST": dissect.RST, "URG": dissect.URG, "ECE": dissect.ECE, "CWR": dissect.CWR,
}

// parseFlags reads flags as tcpdump prints them ("S.", "[P.]"), by their names
// ("SYN, ACK", "syn+ack") or by their letters ("SA").
func parseFlags(s string) (dissect.Flags, bool) {
	s = strings.ToUpper(s)
	var flags dissect.Flags
	named := false
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		f, ok := flagNames[strings.TrimPrefix(word, "FLAGS")]
		named = named || ok
		flags |= f
	}
	if named {
		return flags, true
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "FLAGS"))
	s = strings.Trim(s, "[]() ")
	for _, r := range s {
		i := strings.IndexRune("FSRP.UEWA", r)
		switch {
		case r == ' ' || r == ',' || r == '+':
		case r == '。' || r == 'A':
			flags |= dissect.ACK
		case i < 0:
			return 0, false
		default:
			flags |= 1 << i
		}
	}
	return flags, flags != 0
}

// parseNumber reads a decimal number, with or without separators and a word such
// as "ack" before it.
func parseNumber(s string) (uint64, bool) {
	s = strings.TrimLeftFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsLetter(r) || r == ' ' || r == '#' || r == '=' || r == ':' })
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", "", "_", "", "'", "").Replace(s)
	n, err := strconv.ParseUint(strings.TrimRight(s, "."), 10, 64)
	return n, err == nil
}

// parseByte reads a byte: a single character is itself, else it is hexadecimal
// ("7b", "0x7b").
func parseByte(s string) (byte, bool) {
	for _, quotes := range []string{`"`, "'", "`"} {
		if len(s) == 3 && strings.HasPrefix(s, quotes) && strings.HasSuffix(s, quotes) {
			return s[1], s[1] < 0x80
		}
	}
	if len(s) == 1 {
		return s[0], true
	}
	s = strings.ToLower(s)
	digits, prefixed := strings.CutPrefix(s, "0x")
	if !prefixed {
		digits = strings.TrimSuffix(digits, "h")
	}
	n, err := strconv.ParseUint(digits, 16, 8)
	return byte(n), err == nil && len(digits) <= 2
}

// parseYesNo reads yes or no, in any of the languages.
func parseYesNo(s string) (yes, ok bool) {
	s = strings.ToLower(strings.TrimRight(s, ".!。！"))
	switch {
	case anyWord("word.yes", s):
		return true, true
	case anyWord("word.no", s):
		return false, true
	}
	return false, false
}

// byteText shows a byte, in hexadecimal and, if it can be printed, as character.
func byteText(b byte) string {
	if b > 0x20 && b < 0x7f {
		return fmt.Sprintf("%02x (%c)", b, b)
	}
	return fmt.Sprintf("%02x", b)
}
