// Package render writes reports of checked captures: as text, as JSON, and as
// one HTML file.
package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"chatlab/lab/check"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// Options say how a report is written.
type Options struct {
	Lang    catalogue.Lang
	Columns int // that text is broken to
	Colour  bool
}

// maxLines bounds the lines that Text lists packets in; JSON lists all.
const maxLines = 200

// Marks tell a status of a step, and a kind of packet, without colour.
var Marks = map[string]string{
	"found": "=", "different": "!", "missing": "-", "match": "=", "allowed": "~", "noise": " ",
}

var styles = map[string]layout.Style{
	"found": layout.Green, "match": layout.Green, "allowed": layout.Cyan, "different": layout.Red, "missing": layout.Yellow, "noise": layout.Faint,
}

// Text writes the report of the capture file as text.
func Text(w io.Writer, file string, r *check.Report, o Options) error {
	p := &printer{o: o}
	p.line("", p.say("file", "file", layout.Quote(file, 1000), "packets", r.Total))
	if r.Client.IsValid() {
		p.line("", conversation(r, o.Lang))
	}
	p.line("", p.say("task", "nick", layout.Quote(r.Nick, 1000), "message", layout.Quote(r.Message, 1000)))
	p.out.WriteString("\n")
	width := 0
	for i := range r.Steps {
		width = max(width, layout.Width(steps.Name(r.Steps[i].ID).In(o.Lang)))
	}
	for i := range r.Steps {
		p.step(&r.Steps[i], width)
	}
	p.packets(r)
	for _, n := range r.Noise {
		p.line("  ", p.say("outside.line", "packets", n.Packets, "reason", n.Reason))
	}
	if len(r.Noise) > 0 {
		p.out.WriteString("\n")
	}
	for _, n := range r.Notes {
		p.line("", n.In(o.Lang))
	}
	p.line("", Summary(r, o.Lang))
	if !r.Advice.IsZero() {
		p.line("", p.say("advice", "text", r.Advice))
	}
	_, err := io.WriteString(w, p.out.String())
	return err
}

func conversation(r *check.Report, lang catalogue.Lang) string {
	ends := texts.Message("endpoints", "client", r.Client, "server", r.Server)
	if r.Dialect != "" {
		ends = texts.Message("endpoints.dialect", "endpoints", ends, "dialect", texts.Message("dialect."+string(r.Dialect)))
	}
	return ends.In(lang)
}

// Summary says in a sentence how many steps are there.
func Summary(r *check.Report, lang catalogue.Lang) string {
	key := "some"
	if r.OK() {
		key = "all"
	}
	m := texts.Message(key, "found", r.Found(), "of", len(r.Steps))
	if r.Alone {
		m = texts.Message("alone", "summary", m)
	}
	return m.In(lang)
}

type printer struct {
	o   Options
	out strings.Builder
}

func (p *printer) say(key string, args ...any) string {
	return texts.Message(key, args...).In(p.o.Lang)
}

func (p *printer) colour(name, text string) string {
	if !p.o.Colour {
		return text
	}
	return styles[name].On(text)
}

// line writes a paragraph with a margin.
func (p *printer) line(margin, text string) {
	p.out.WriteString(layout.Paragraph(margin, text, p.o.Columns))
}

func (p *printer) step(s *steps.Step, width int) {
	title := layout.Pad(steps.Name(s.ID).In(p.o.Lang), width)
	head := Marks[string(s.Status)] + " " + title + "  " + s.Status.Name().In(p.o.Lang)
	p.out.WriteString("  " + p.colour(string(s.Status), head))
	if len(s.Packets) > 0 {
		p.out.WriteString("  " + p.say("numbers", "n", len(s.Packets), "numbers", Numbers(s.Packets)))
	}
	p.out.WriteString("\n")
	if s.Status != steps.Found {
		p.line("      ", p.say("expected", "text", s.Expected))
	}
	if !s.Got.IsZero() {
		p.line("      ", p.say("got", "text", s.Got))
	}
	for _, n := range s.Notes {
		p.line("      ", p.say("note", "text", n))
	}
}

// packets lists the verdicts.
func (p *printer) packets(r *check.Report) {
	p.out.WriteString("\n")
	if len(r.Packets) == 0 {
		return
	}
	kinds := 0
	for _, k := range []check.Kind{check.Match, check.Allowed, check.Different, check.Outside} {
		kinds = max(kinds, layout.Width(k.Name().In(p.o.Lang)))
	}
	first, second := layout.Width(p.say("packet")), layout.Width(p.say("documented"))
	p.out.WriteString("  " + p.say("packet") + "  " + p.say("documented") + "  " + p.say("verdict") + "\n")
	left := len(r.Packets)
	for i, v := range rows(r.Packets) {
		if i == maxLines {
			p.line("  ", p.say("more", "packets", left))
			break
		}
		left -= v.packets
		documented := "-"
		if v.Documented > 0 {
			documented = strconv.Itoa(int(v.Documented))
		}
		head := fmt.Sprintf("  %*s  %*s  ", first, v.Numbers(), second, documented)
		verdict := Marks[string(v.Kind)] + " " + layout.Pad(v.Kind.Name().In(p.o.Lang), kinds)
		reason := strings.TrimPrefix(layout.Paragraph(head+verdict+"  ", v.Why().In(p.o.Lang), p.o.Columns), head+verdict)
		p.out.WriteString(head + p.colour(string(v.Kind), verdict) + reason)
	}
	p.out.WriteString("\n")
}

// Numbers are packet numbers as a reader is told them, runs of three and more as a
// range.
func Numbers(numbers []int) catalogue.List[string] {
	var parts catalogue.List[string]
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if j-i >= 2 {
			parts = append(parts, fmt.Sprintf("%d–%d", numbers[i], numbers[j]))
		} else {
			for k := i; k <= j; k++ {
				parts = append(parts, strconv.Itoa(numbers[k]))
			}
		}
		i = j + 1
	}
	return parts
}
