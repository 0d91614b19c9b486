package class

import (
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every text is said, and keys that are put together have theirs.
func TestKeys(t *testing.T) {
	cataloguetest.Keys(t, texts, map[string][]string{"like.": cataloguetest.Constants(t, ".", "Likeness"), "source.": cataloguetest.Constants(t, ".", "Why")}, ".", "..")
}
