package main

import (
	"testing"

	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	cataloguetest.Composed(t, texts.Lab, ".", map[string][]string{"stage.": stage.Names})
}
