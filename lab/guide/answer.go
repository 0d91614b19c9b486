package guide

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
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

// quotes are what people put around an answer, and stops what they end it with.
const (
	quotes = "\"'`´“”„‘’«»‹›「」『』 \u00a0\u202f"
	stops  = ".。｡!,;"
)

// trim takes away the quotes and full stops that do not belong to an answer.
func trim(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, quotes), quotes+stops)
}

// single is trim for what may be one character: layer by layer, so that the last
// one that is left is what it is, a quote or a full stop too.
func single(s string) string {
	r := []rune(s)
	for len(r) > 1 {
		first, last := strings.ContainsRune(quotes, r[0]), strings.ContainsRune(quotes, r[len(r)-1])
		switch {
		case first && last && len(r) > 2:
			r = r[1 : len(r)-1]
		case last || strings.ContainsRune(stops, r[len(r)-1]):
			r = r[:len(r)-1]
		case first:
			r = r[1:]
		default:
			return string(r)
		}
	}
	return string(r)
}

// answerWords gives the words of s that are not only said around a byte. A lone
// character is the answer though it be such a word, as the c of "c'est" is, and
// so is the last one if there is nothing else.
func answerWords(s string) []string {
	var words []string
	lone := ""
	for _, word := range runs(s, unicode.IsSpace) {
		if i := strings.IndexAny(word, "'’"); i > 0 && anyWord("word.byte", strings.ToLower(word[:i])) {
			// An elision, if a letter or digit follows: c'est, l'octet.
			_, size := utf8.DecodeRuneInString(word[i:])
			if next, _ := utf8.DecodeRuneInString(word[i+size:]); unicode.IsLetter(next) || unicode.IsDigit(next) {
				word = word[i+size:]
			}
		}
		if !anyWord("word.byte", strings.ToLower(word)) {
			words = append(words, word)
		} else if len(word) == 1 {
			lone = word
		}
	}
	if len(words) == 0 && lone != "" {
		words = append(words, lone)
	}
	return words
}

// runs cuts text into its words. Chinese puts no space between a word and a
// number or a name, so a change to or from Han parts words too.
func runs(s string, separates func(rune) bool) []string {
	var words []string
	var last rune
	for _, r := range s {
		switch {
		case separates(r):
			last = 0
			continue
		case last == 0 || unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, last):
			words = append(words, "")
		}
		words[len(words)-1] += string(r)
		last = r
	}
	return words
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// around tells whether s, which stands before or behind an answer, says nothing
// of its own: words under key, and signs that only lead to it.
func around(key, s string) bool {
	for _, word := range runs(s, notLetter) {
		if !anyWord(key, word) {
			return false
		}
	}
	return strings.IndexFunc(s, func(r rune) bool { return notLetter(r) && !strings.ContainsRune(quotes+"#=:°№()", r) }) < 0
}

// number is a number: hexadecimal with its prefix, or decimal, in groups of three
// or not.
var number = regexp.MustCompile(`0x([0-9a-f]+)|[0-9]{1,3}(?:[ \x{a0}\x{202f},_'’][0-9]{3})+|[0-9]+`)

// parseNumber reads a number, with words such as "ack" before it or "bytes"
// behind it. Any other word, such as "not", may mean something else.
func parseNumber(s string) (uint64, bool) {
	s = strings.TrimPrefix(trim(strings.ToLower(s)), "http/1.1 ") // of a status line
	at := number.FindStringSubmatchIndex(s)
	if at == nil || !around("word.number", s[:at[0]]) || !around("word.number", s[at[1]:]) {
		return 0, false
	}
	digits, base := s[at[0]:at[1]], 10
	if at[2] >= 0 {
		digits, base = s[at[2]:at[3]], 16
	}
	digits = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, digits)
	n, err := strconv.ParseUint(digits, base, 64)
	return n, err == nil
}

var (
	hexByte = regexp.MustCompile(`^(?:0x|\\x|\$|#)?0*([0-9a-f]{1,2})h?$`)
	bits    = regexp.MustCompile(`^(?:0b)?([01]{4}) ?([01]{4})$`)
	both    = regexp.MustCompile(`^(?:0x)?([0-9a-fA-F]{2}) ?\((.)\)$`) // as byteText shows a byte
)

// parseByte gives the bytes that can be meant: by hexadecimal digits ("7b",
// "0x7B", "3"), by bits, and, if characters may be, by the character itself.
func parseByte(s string, characters bool) (meant []byte) {
	if m := both.FindStringSubmatch(trim(s)); m != nil {
		// Only if they agree: else it is not clear which of them is meant.
		if b, _ := strconv.ParseUint(m[1], 16, 8); string(rune(b)) == m[2] {
			return []byte{byte(b)}
		}
		return nil
	}
	s = single(strings.Join(answerWords(single(s)), " "))
	if characters && len(s) == 1 && s[0] > ' ' && s[0] < 0x7f {
		meant = append(meant, s[0])
	}
	s = strings.ToLower(s)
	if m := bits.FindStringSubmatch(s); m != nil {
		b, _ := strconv.ParseUint(m[1]+m[2], 2, 8)
		return append(meant, byte(b))
	}
	if m := hexByte.FindStringSubmatch(s); m != nil {
		b, _ := strconv.ParseUint(m[1], 16, 8)
		return append(meant, byte(b))
	}
	return meant
}

// byteText shows a byte, in hexadecimal and, if it can be printed, as character.
func byteText(b byte) string {
	if b > 0x20 && b < 0x7f {
		return fmt.Sprintf("%02x (%c)", b, b)
	}
	return fmt.Sprintf("%02x", b)
}
