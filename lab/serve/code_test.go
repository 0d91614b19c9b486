package serve

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// shown is what a terminal of those two colours shows of text, a character being two
// squares one above the other, with a margin of its own around it.
func shown(text string, ink, paper color.Gray) image.Image {
	const square, margin = 4, 3
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	picture := image.NewGray(image.Rect(0, 0, (width+2*margin)*square, 2*(len(lines)+2*margin)*square))
	paint := func(x, y int, c color.Gray) {
		for i := range square * square {
			picture.SetGray((x+margin)*square+i%square, (y+2*margin)*square+i/square, c)
		}
	}
	for x := -margin; x < width+margin; x++ {
		for y := -2 * margin; y < 2*(len(lines)+margin); y++ {
			paint(x, y, paper)
		}
	}
	for y, line := range lines {
		front, back := ink, paper
		if rest, ok := strings.CutPrefix(line, "\x1b["+string(whiteOnBlack)+"m"); ok {
			line, front, back = strings.TrimSuffix(rest, "\x1b[0m"), color.Gray{255}, color.Gray{0}
		}
		x := 0
		for _, r := range line {
			top, bottom := back, back
			if r == '█' || r == '▀' {
				top = front
			}
			if r == '█' || r == '▄' {
				bottom = front
			}
			paint(x, 2*y, top)
			paint(x, 2*y+1, bottom)
			x++
		}
	}
	return picture
}

// Whoever points a reader at the terminal gets the address, be it dark or light. Without
// colours a light one shows the code's reverse.
func TestCodeIsRead(t *testing.T) {
	zbarimg, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not here (Debian: apt-get install zbar-tools)")
	}
	black, grey, white := color.Gray{0}, color.Gray{200}, color.Gray{255}
	for _, address := range []string{"http://10.0.0.7:55151", "http://192.168.100.200:55151", "http://[2001:db8:1111:2222:3333:4444:5555:6666]:55151"} {
		for name, tt := range map[string]struct {
			colour     bool
			ink, paper color.Gray
			options    []string
		}{
			"dark":            {true, grey, black, nil},
			"light":           {true, black, white, nil},
			"dark, no colour": {false, grey, black, nil},
			"light, reversed": {false, black, white, []string{"-Stest-inverted"}},
		} {
			code, err := drawCode(address, tt.colour)
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(code, "\n"); lines > 24 {
				t.Errorf("%s has %d lines", address, lines)
			}
			var picture bytes.Buffer
			if err := png.Encode(&picture, shown(code, tt.ink, tt.paper)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "terminal.png")
			if err := os.WriteFile(file, picture.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(zbarimg, append(tt.options, "-q", "--raw", "--nodbus", file)...)
			if read, err := cmd.Output(); err != nil || strings.TrimSpace(string(read)) != address {
				t.Errorf("%s, %s: it is read as %q, %v", address, name, read, err)
			}
		}
	}
}
