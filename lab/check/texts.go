package check

import (
	"embed"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has every sentence that a report may say.
var texts = catalogue.Must(textFiles, "texts")
