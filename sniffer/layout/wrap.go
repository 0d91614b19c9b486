package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Wrap breaks text into lines of at most columns columns where Unicode allows
// it (UAX #14), but keeps addresses and Base64 with a slash in them whole where a
// line can have them, and what is around two blanks: they are what somebody said,
// and a line's end would hide them. A word that is longer is broken where it must be.
func Wrap(text string, columns int) []string {
	columns = max(columns, 10)
	var lines []string
	line, width := "", 0
	end := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, width = "", 0
	}
	for state := -1; text != ""; {
		var part string
		part, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		for text != "" {
			next, rest, _, after := uniseg.FirstLineSegmentInString(text, state)
			fits := Width(strings.TrimRight(part+next, " ")) <= columns
			whole := strings.HasSuffix(part, "/") || strings.HasSuffix(part, "  ")
			if !beginsWord(part) && !(whole && fits) {
				break
			}
			part, text, state = part+next, rest, after
		}
		if width+Width(strings.TrimRight(part, " ")) > columns && width > 0 {
			end()
		}
		for Width(strings.TrimRight(part, " ")) > columns {
			cut := cutAt(part, columns)
			lines = append(lines, part[:cut])
			part = part[cut:]
		}
		line, width = line+part, width+Width(part)
	}
	if line != "" {
		end()
	}
	return lines
}

// Paragraph breaks text to lines of at most columns columns, each ended, and puts
// head before the first and blanks of its width before the others.
func Paragraph(head, text string, columns int) string {
	margin := Width(head)
	var out strings.Builder
	for _, line := range Wrap(text, columns-margin) {
		out.WriteString(head + line + "\n")
		head = strings.Repeat(" ", margin)
	}
	if text == "" {
		out.WriteString(strings.TrimRight(head, " ") + "\n")
	}
	return out.String()
}

// beginsWord tells whether part ends in a hyphen that begins a word, as that of an
// option does: no line ends behind it (LB20a of UAX #14).
func beginsWord(part string) bool {
	before := strings.TrimRight(part, "-")
	last, _ := utf8.DecodeLastRuneInString(before)
	return before != part && (before == "" || !unicode.Is(unicode.Latin, last) && !unicode.IsDigit(last))
}

// cutAt gives how many bytes of text fit into columns columns, at least one
// character.
func cutAt(text string, columns int) int {
	cut, width := 0, 0
	for state, rest := -1, text; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if cut > 0 && width+w > columns {
			break
		}
		cut, width = cut+len(cluster), width+w
	}
	return cut
}
