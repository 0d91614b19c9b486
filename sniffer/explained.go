package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/tcpdump"
)

// printer makes what prints packets on w.
func (c *config) printer(w io.Writer) (printer, error) {
	if !c.isExplained {
		return tcpdump.NewPrinter(w, c.print), nil
	}
	lang, err := catalogue.Choose(c.lang, os.Getenv)
	if err != nil {
		return nil, err
	}
	o := c.explain
	o.Tcpdump = c.print
	o.Block = explain.Block{Lang: lang, Columns: 80}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		o.Block.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Block.Columns = min(width, 100)
		}
	}
	return explain.New(w, o), nil
}
