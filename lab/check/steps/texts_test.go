package steps

import (
	"testing"

	"chatlab/lab/check/texts"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	var all []string
	for _, s := range scenario.Steps {
		all = append(all, string(s.ID))
	}
	cataloguetest.Composed(t, texts.Check, ".", map[string][]string{
		"step.": all, "expected.": all, "status.": cataloguetest.Constants(t, ".", "Status"),
	})
}
