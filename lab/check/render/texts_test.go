package render

import (
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every text is said, and keys that are put together have theirs.
func TestKeys(t *testing.T) {
	cataloguetest.Keys(t, texts, map[string][]string{
		"dialect.": cataloguetest.Constants(t, "../../../sniffer/chat", "Dialect"),
	}, ".")
}
