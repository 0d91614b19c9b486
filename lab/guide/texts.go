package guide

import (
	"embed"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has everything that the lesson says.
var texts = catalogue.Must(textFiles, "texts")

// anyWord tells whether word is one of the words, separated by spaces, that any
// language has under key: nobody has to change the keyboard to be understood.
func anyWord(key, word string) bool {
	for _, lang := range catalogue.Langs {
		if slices.Contains(strings.Fields(texts.Message(key).In(lang)), word) {
			return true
		}
	}
	return false
}
