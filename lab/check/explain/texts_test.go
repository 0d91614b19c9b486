package explain

import (
	"testing"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts. In a file that only goes on too
// long all packets are there.
func TestComposedKeysHaveTexts(t *testing.T) {
	cataloguetest.Composed(t, texts.Check, ".", map[string][]string{
		"hint.": cataloguetest.Constants(t, "../evidence", "Fault", string(evidence.Empty), string(evidence.Foreign), string(evidence.Trailing)),
	})
}
