package show

import (
	"testing"

	"chatlab/lab/compare"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts: a field's name, and why it need
// not be equal where that is so.
func TestComposedKeysHaveTexts(t *testing.T) {
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
	cataloguetest.Composed(t, texts.Lab, ".", map[string][]string{"field.": names, "why.": free})
}
