package fault

import (
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every fault has its texts, and there is no text without a fault.
func TestKeys(t *testing.T) {
	var names []string
	for _, f := range All {
		names = append(names, f.Name)
	}
	cataloguetest.Keys(t, texts, map[string][]string{"about.": names, "before.": names, "after.": names, "page.": names}, ".")
}
