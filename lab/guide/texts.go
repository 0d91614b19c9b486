package guide

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has everything that the lesson says.
var texts = func() catalogue.Catalogue {
	sub, err := fs.Sub(textFiles, "texts")
	if err != nil {
		panic("guide: " + err.Error())
	}
	return catalogue.Must(sub)
}()

// anyWord tells whether word is one of the words, separated by spaces, that any
// language has under key: nobody has to change the keyboard to be understood.
func anyWord(key, word string) bool {
	for _, lang := range catalogue.Langs {
		if slices.Contains(strings.Fields(texts.Text(lang, key)), word) {
			return true
		}
	}
	return false
}
