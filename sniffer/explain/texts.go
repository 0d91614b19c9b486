package explain

import (
	"cmp"
	"embed"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has what is said between a packet's own words. Those that name a field, as
// "length" and "masked:", are tcpdump's kind of notation, in no language.
var texts = catalogue.Must(textFiles, "texts")

func (p *Printer) lang() catalogue.Lang { return cmp.Or(p.o.Block.Lang, catalogue.English) }

func (p *Printer) says(key string, args ...any) string {
	return texts.Message(key, args...).In(p.lang())
}

// appendNote appends a line that is none of the packet's.
func (p *Printer) appendNote(b []byte, text string) []byte {
	return append(append(append(b, '['), text...), "]\n"...)
}
