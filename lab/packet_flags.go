package main

import (
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
)

// packetFlags are those of the commands that show packets.
type packetFlags struct {
	plain   bool
	pace    string
	file    string
	earlier bool
}

// The paces.
const (
	fast       = "fast"
	documented = "documented"
)

func (f *packetFlags) addTo(l *command.Line) {
	f.pace = fast
	l.Bool(&f.plain, "plain", texts.Lab.Message("flag.plain"))
	command.Choice(l, &f.pace, "pace", texts.Lab.Message("flag.pace"), fast, documented)
	l.String(&f.file, "w", command.File, texts.Lab.Message("flag.w"))
	l.Bool(&f.earlier, "with-earlier", texts.Lab.Message("flag.with-earlier"))
}
