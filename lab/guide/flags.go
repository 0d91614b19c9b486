package guide

import (
	"regexp"
	"strings"

	"chatlab/sniffer/tcp"
)

// flagNames are the control bits' names of RFC 9293 §3.1, in the order in which
// they are looked for: PUSH before PSH's letters are over.
var flagNames = []struct {
	name string
	flag tcp.Flags
}{
	{"SYN", tcp.SYN}, {"ACK", tcp.ACK}, {"PUSH", tcp.PSH}, {"PSH", tcp.PSH}, {"FIN", tcp.FIN},
	{"RST", tcp.RST}, {"URG", tcp.URG}, {"ECE", tcp.ECE}, {"CWR", tcp.CWR},
}

var (
	bracketed = regexp.MustCompile(`[\[【(]([^\[\]【】()]*)[\]】)]`)
	isSet     = regexp.MustCompile(`\s*=\s*1\b`) // as textbooks write it: SYN=1, ACK=1
	isNotSet  = regexp.MustCompile(`\b[A-Z]+\s*=\s*0\b`)
)

// flagsText shows flags as tcpdump prints them. The brackets keep a full stop
// behind them from being taken for an ACK.
func flagsText(f tcp.Flags) string { return "[" + f.String() + "]" }

// parseFlags reads flags as tcpdump prints them ("S.", "[P.]"), by their names
// ("SYN, ACK", "syn+ack", "SYNACK") or by their letters ("SA"). With any word
// that is not understood nothing is: it may be a "not".
func parseFlags(s string) (tcp.Flags, bool) {
	s = strings.ToUpper(s)
	s = isNotSet.ReplaceAllString(isSet.ReplaceAllString(s, ""), "")
	var named tcp.Flags
	var rest []string // words that are no names
	for _, word := range runs(s, notLetter) {
		switch f := names(word); {
		case f != 0:
			named |= f
		case !anyWord("word.flags", strings.ToLower(word)):
			rest = append(rest, word)
		}
	}
	if named != 0 {
		// Signs can deny too, as ! and ¬ do.
		odd := strings.ContainsFunc(trim(s), func(r rune) bool {
			return notLetter(r) && !strings.ContainsRune(quotes+".,;。｡、:+-–/&|_()[]{}【】", r)
		})
		return named, len(rest) == 0 && !odd
	}
	return letters(s)
}

// names reads a word that is made of flags' names.
func names(word string) (flags tcp.Flags) {
	for word != "" {
		before := word
		for _, n := range flagNames {
			if rest, ok := strings.CutPrefix(word, n.name); ok {
				word, flags = rest, flags|n.flag
				break
			}
		}
		if word == before {
			return 0
		}
	}
	return flags
}

// letters reads tcpdump's letters: what stands in brackets, or else all but words
// around.
func letters(s string) (tcp.Flags, bool) {
	if m := bracketed.FindStringSubmatchIndex(s); m != nil {
		if !around("word.flags", strings.ToLower(s[:m[0]])) || strings.Trim(s[m[1]:], quotes+stops) != "" {
			return 0, false
		}
		s = s[m[2]:m[3]]
	}
	var flags tcp.Flags
	for _, word := range runs(s, func(r rune) bool { return strings.ContainsRune(quotes+",+:", r) }) {
		if anyWord("word.flags", strings.ToLower(word)) {
			continue
		}
		for _, r := range word {
			i := strings.IndexRune(tcp.Letters, r)
			switch {
			case r == '。' || r == '｡' || r == 'A':
				flags |= tcp.ACK
			case i < 0:
				return 0, false
			default:
				flags |= 1 << i
			}
		}
	}
	return flags, flags != 0
}
