package texts_test

import (
	"slices"
	"testing"

	"chatlab/lab/compare"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every text is said, and keys that are put together have theirs: a stage's name, a
// field's name, and why it need not be equal where that is so.
func TestKeys(t *testing.T) {
	documented, err := compare.Documented()
	if err != nil {
		t.Fatal(err)
	}
	var names, free []string
	for _, f := range compare.Packets(documented, documented, compare.Place{}).Fields {
		names = append(names, f.Name)
		if f.Must < f.Of {
			free = append(free, f.Name)
		}
	}
	cataloguetest.Keys(t, texts.Lab, map[string][]string{
		"stage.": append(slices.Clone(stage.Names), "interfaces", stage.Exact), "field.": names, "why.": free,
	}, ".", "..", "../bundle", "../play", "../scenario", "../serve", "../show", "../stage")
}
