package layout

import "strings"

// A Style is how text stands out on a terminal: the parameters of an SGR sequence
// (ECMA-48 §8.3.117). Nothing is told by it alone.
type Style string

// The styles in use.
const (
	Plain      Style = ""
	Bold       Style = "1"
	Faint      Style = "2"
	Red        Style = "31"
	Green      Style = "32"
	Yellow     Style = "33"
	Cyan       Style = "36"
	BoldRed    Style = "1;31"
	BoldGreen  Style = "1;32"
	BoldYellow Style = "1;33"
	BoldCyan   Style = "1;36"
)

// On gives text in the style, which ends with it.
func (s Style) On(text string) string {
	if s == Plain {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Erase gives what takes text off the line again, behind which the cursor stands.
// A terminal without escape sequences does it, too.
func Erase(text string) string { return "\r" + strings.Repeat(" ", Width(text)) + "\r" }
