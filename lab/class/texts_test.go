package class

import (
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	cataloguetest.Composed(t, texts, ".", map[string][]string{"like.": cataloguetest.Constants(t, ".", "Likeness")})
}
