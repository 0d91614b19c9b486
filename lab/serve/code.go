package serve

import (
	"strings"

	"rsc.io/qr"

	"chatlab/sniffer/layout"
)

// quiet is the margin that a QR code needs, in modules (ISO/IEC 18004 §5.3.8).
const quiet = 4

// whiteOnBlack are two colours of the 256 that no terminal's theme changes.
const whiteOnBlack layout.Style = "38;5;231;48;5;16"

// drawCode draws text as a QR code with two modules to a character. Dark modules are
// blank and light ones full: with colours as they must be, without them as a dark
// terminal shows it. Nothing soils a screen: the least correction gives the largest
// modules. A telephone's camera reads the reverse of a light one, too.
func drawCode(text string, colour bool) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", err
	}
	style := layout.Plain
	if colour {
		style = whiteOnBlack
	}
	light := func(x, y int) bool { return !code.Black(x, y) }
	var out strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var line strings.Builder
		for x := -quiet; x < code.Size+quiet; x++ {
			switch top, bottom := light(x, y), light(x, y+1); {
			case top && bottom:
				line.WriteString("█")
			case top:
				line.WriteString("▀")
			case bottom:
				line.WriteString("▄")
			default:
				line.WriteString(" ")
			}
		}
		out.WriteString(style.On(line.String()) + "\n")
	}
	return out.String(), nil
}
