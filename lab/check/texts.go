package check

import (
	"embed"
	"io/fs"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has every sentence that a report may say.
var texts = func() catalogue.Catalogue {
	sub, err := fs.Sub(textFiles, "texts")
	if err != nil {
		panic("check: " + err.Error())
	}
	return catalogue.Must(sub)
}()
