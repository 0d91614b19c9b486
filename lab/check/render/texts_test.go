package render

import (
	"testing"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every text is said, and keys that are put together have theirs.
func TestKeys(t *testing.T) {
	cataloguetest.Keys(t, texts, map[string][]string{
		// The other two are of files with packets before the fault.
		"unreadable.": cataloguetest.Constants(t, "../evidence", "Fault", string(evidence.Broken), string(evidence.Trailing)),
		"dialect.":    cataloguetest.Constants(t, "../../../sniffer/chat", "Dialect"),
	}, ".")
}
