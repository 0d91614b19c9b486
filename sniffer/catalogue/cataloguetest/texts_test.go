package cataloguetest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// everyText gives each text of every catalogue of the module to check: the package
// that says it, the language and the key.
func everyText(t *testing.T, check func(room, lang, key, text string)) {
	t.Helper()
	texts := 0
	err := filepath.WalkDir("../../..", func(name string, d fs.DirEntry, err error) error {
		lang, isJSON := strings.CutSuffix(filepath.Base(name), ".json")
		dir := filepath.Dir(name)
		if err != nil || !isJSON || rules[lang] == nil || filepath.Base(dir) != "texts" {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var all map[string]string
		if err := json.Unmarshal(data, &all); err != nil {
			return err
		}
		for key, text := range all {
			texts++
			check(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(dir)), "../../../"), lang, key, text)
		}
		return nil
	})
	if err != nil || texts < 3000 {
		t.Errorf("%d texts, %v", texts, err)
	}
}

// quotedCode is what a document quotes from a terminal.
var quotedCode = regexp.MustCompile("(?s)```.*?```|`[^`]*`")

// everyTutorial gives the prose of each tutorial to check, "x" standing for code.
func everyTutorial(t *testing.T, check func(name, lang, prose string)) {
	t.Helper()
	for lang, name := range map[string]string{"en": "TUTORIAL.md", "fr": "TUTORIAL.fr.md", "zh": "TUTORIAL.zh.md"} {
		text, err := os.ReadFile("../../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		check(name, lang, quotedCode.ReplaceAllString(string(text), "x"))
	}
}
