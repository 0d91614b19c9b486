package render

import (
	"testing"

	"chatlab/lab/check"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	cataloguetest.Composed(t, texts, ".", map[string][]string{
		// The other two are of files with packets before the fault.
		"unreadable.": cataloguetest.Constants(t, "..", "Fault", string(check.Broken), string(check.Trailing)),
		"dialect.":    cataloguetest.Constants(t, "..", "Dialect"),
	})
}
