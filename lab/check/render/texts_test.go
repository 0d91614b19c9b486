package render

import (
	"testing"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	cataloguetest.Composed(t, texts, ".", map[string][]string{
		// The other two are of files with packets before the fault.
		"unreadable.": cataloguetest.Constants(t, "../evidence", "Fault", string(evidence.Broken), string(evidence.Trailing)),
		"dialect.":    cataloguetest.Constants(t, "../../../sniffer/chat", "Dialect"),
	})
}
