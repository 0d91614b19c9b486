// Package texts has what the lab says to a student, in every language.
package texts

import (
	"embed"

	"chatlab/sniffer/catalogue"
)

//go:embed *.json
var files embed.FS

// Lab is the lab's catalogue.
var Lab = catalogue.Must(files, ".")
