package getopt

import (
	"errors"
	"strconv"
	"strings"
)

// Atoi reads a number as atoi(3) does: what follows the digits is not looked at,
// and without any it is 0.
func Atoi(s string) int32 {
	n, _ := Strtol(s, 10)
	return int32(n)
}

// Strtol reads a number as strtol(3) does. With base 0 it may be octal or
// hexadecimal. rest is what follows it; all of s if there is none.
func Strtol(s string, base int) (n int64, rest string) {
	t := strings.TrimLeft(s, " \t\n\v\f\r")
	sign := ""
	if t != "" && (t[0] == '-' || t[0] == '+') {
		sign, t = t[:1], t[1:]
	}
	if base == 0 {
		switch {
		case len(t) > 2 && (t[:2] == "0x" || t[:2] == "0X") && digits(t[2:], 16) > 0:
			base, t = 16, t[2:]
		case strings.HasPrefix(t, "0"):
			base = 8
		default:
			base = 10
		}
	}
	k := digits(t, base)
	if k == 0 {
		return 0, s
	}
	n, err := strconv.ParseInt(sign+t[:k], base, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // then n is the nearest there is
		return 0, s
	}
	return n, t[k:]
}

// digits counts those that s begins with.
func digits(s string, base int) int {
	const all = "0123456789abcdef"
	return len(s) - len(strings.TrimLeft(strings.ToLower(s), all[:base]))
}
