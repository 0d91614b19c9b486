package guide

import (
	"io"
	"strings"

	"chatlab/lab/show"
	"chatlab/sniffer/layout"
)

// Screen is where the lesson is shown.
type Screen struct {
	W io.Writer
	// Columns gives the width that lines are broken to; it may change.
	Columns  func() int
	Colour   bool
	Terminal bool // a person types here: a prompt is shown
	Options  show.Options

	prompted bool
	meanings bool // words were explained last
	shower   *show.Show
	fed      int // packets that shower knows
	columns  int // that shower was made for
	err      error
}

// styles are how kinds of output look: what stands before the first line, and
// the colour.
var styles = map[OutputKind]struct {
	before string
	layout.Style
}{
	Heading:  {"── ", layout.BoldCyan},
	Sentence: {"", layout.Plain},
	Command:  {"    ", layout.Bold},
	Ask:      {"? ", layout.BoldYellow},
	Success:  {"✓ ", layout.BoldGreen},
	Failure:  {"✗ ", layout.BoldRed},
	Hint:     {"→ ", layout.BoldCyan},
	Word:     {"· ", layout.Faint},
}

// print shows what the lesson says. packets gives a packet by its index.
func (s *Screen) print(out []Output, l *Lesson) {
	for _, o := range out {
		switch o.Kind {
		case Do:
		case Show:
			if s.meanings {
				s.write("\n")
			}
			s.meanings = false
			s.packet(o.Packet, l)
		default:
			s.text(o)
		}
	}
}

func (s *Screen) text(o Output) {
	style := styles[o.Kind]
	text := layout.Paragraph(style.before, o.Text, s.Columns())
	if o.Kind == Command {
		text = style.before + o.Text + "\n" // it is to be copied
	}
	var b strings.Builder
	if o.Kind == Heading || o.Kind == Ask || o.Kind == Command || s.meanings && o.Kind != Word {
		b.WriteString("\n")
	}
	s.meanings = o.Kind == Word
	for line := range strings.Lines(text) {
		if s.Colour {
			line = style.On(strings.TrimSuffix(line, "\n")) + "\n"
		}
		b.WriteString(line)
	}
	if o.Kind == Heading || o.Kind == Command {
		b.WriteString("\n")
	}
	s.write(b.String())
}

// packet shows the packet of index i with its comment and its number. To show
// one again, a new printer learns all before it.
func (s *Screen) packet(i int, l *Lesson) {
	if s.shower == nil || i < s.fed || s.columns != s.Columns() {
		s.columns, s.fed = s.Columns(), 0
		o := s.Options
		o.Columns, o.Colour, o.Lang = s.columns, s.Colour, l.lang
		s.shower = show.New(writer{s}, o)
	}
	for ; s.fed < i; s.fed++ {
		if _, err := s.shower.Learn(l.Record(s.fed)); err != nil {
			s.fail(err)
		}
	}
	if _, err := s.shower.Packet(l.Record(i), l.text("packet", "n", i+1)); err != nil {
		s.fail(err)
	}
	s.fed = i + 1
}

// writer writes to the screen.
type writer struct{ s *Screen }

func (w writer) Write(b []byte) (int, error) {
	w.s.write(string(b))
	return len(b), w.s.err
}

func (s *Screen) write(text string) {
	if s.prompted {
		// What comes by itself takes the place of the empty prompt.
		s.prompted = false
		text = layout.Erase(prompt) + text
	}
	if s.err == nil {
		_, err := io.WriteString(s.W, text)
		s.fail(err)
	}
}

func (s *Screen) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

const prompt = "> "

// prompt shows that a line may be typed.
func (s *Screen) prompt() {
	if s.Terminal && !s.prompted {
		s.write(prompt)
		s.prompted = true
	}
}

// typed says that a line was typed: the cursor stands on a new line.
func (s *Screen) typed() { s.prompted = false }
