package render

import (
	"embed"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = catalogue.Must(textFiles, "texts")
