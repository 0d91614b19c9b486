package class

import (
	"embed"
	"io/fs"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = func() catalogue.Catalogue {
	sub, err := fs.Sub(textFiles, "texts")
	if err != nil {
		panic("class: " + err.Error())
	}
	return catalogue.Must(sub)
}()
