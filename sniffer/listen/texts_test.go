package listen

import (
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

func TestKeys(t *testing.T) { cataloguetest.Keys(t, texts, nil, ".") }
