package guide

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chatlab/lab/stage"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// mentioned gives what the first group of a pattern finds in the package's code.
func mentioned(t *testing.T, pattern string) (all []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1) {
			all = append(all, m[1])
		}
	}
	if len(all) == 0 {
		t.Errorf("the code has nothing like %s", pattern)
	}
	return all
}

// Every text is said, and keys that are put together have theirs, whatever they are put together
// from.
func TestKeys(t *testing.T) {
	var steps, live, stood, hinted []string
	for _, s := range Steps {
		steps = append(steps, string(s))
		if s.live() {
			live = append(live, string(s))
			if s != Capture {
				stood = append(stood, string(s))
			}
		}
	}
	for _, id := range append(append([]string{}, questions...), live...) {
		for n := range hints {
			hinted = append(hinted, id+"."+strconv.Itoa(n+1))
		}
	}
	var mistakes []string
	for _, list := range mentioned(t, `(?s)map\[(?:uint64|byte)\]string\{(.*?)\}`) {
		for _, m := range regexp.MustCompile(`: "([a-z0-9-]+)"`).FindAllStringSubmatch(list, -1) {
			mistakes = append(mistakes, m[1])
		}
	}
	mistakes = append(mistakes, mentioned(t, `\bmistakes?(?:\[[^=]*\])? = "([a-z-]+)"`)...)
	cataloguetest.Keys(t, texts, map[string][]string{
		"ask.": questions, "why.": questions, "hint.": hinted, "mistake.": mistakes,
		"form.": mentioned(t, `\bform: *"([a-z]+)"`),
		"step.": steps, "word.step.": steps, "do.": steps, "done.": live, "skip.": stood, "task.": {"nickname", "message"},
		"report.": mentioned(t, `[^.]\btext\("([a-z.]+)"`),
		"stage.":  stage.Names,
		"word.":   mentioned(t, `\bis\("([a-z]+)"\)`),
	}, ".")
}
