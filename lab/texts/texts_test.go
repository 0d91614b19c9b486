package texts

import (
	"testing"

	"chatlab/sniffer/catalogue"
)

// Loading the catalogue fails if a language lacks a text; this has it loaded.
func TestEveryLanguageHasEveryText(t *testing.T) {
	for _, lang := range catalogue.Langs {
		if len(Lab.Sources(lang)) == 0 {
			t.Errorf("no texts in %s", lang)
		}
	}
}
