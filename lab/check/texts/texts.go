// Package texts has every sentence that a report of a checked capture may say.
package texts

import (
	"embed"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

//go:embed *.json
var files embed.FS

// Check has the texts.
var Check = catalogue.Must(files, ".")

// MaxQuoted bounds a quotation from a packet, in characters.
const MaxQuoted = 200

// Quote makes text from a packet fit to be shown.
func Quote(s string) string { return layout.Quote(s, MaxQuoted) }
