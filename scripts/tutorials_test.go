package scripts

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	glossary "chatlab/lab/words"
	"chatlab/sniffer/catalogue"
)

// langFlag is on a translation's command lines and not on the original's.
var langFlag = regexp.MustCompile(` --lang (?:fr|zh)`)

// skeleton gives what is the same in a tutorial of any language: its headings, what is
// typed, the tables' rows, and the items of lists and exercises.
func skeleton(text string) (lines []string) {
	code := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code
		case code && strings.HasPrefix(line, "$ "):
			lines = append(lines, langFlag.ReplaceAllString(line, ""))
		case code:
		case strings.HasPrefix(line, "#"):
			lines = append(lines, heading.FindString(line))
		case strings.HasPrefix(line, "- "):
			lines = append(lines, "-")
		case strings.HasPrefix(line, "|"):
			lines = append(lines, "|")
		case exercise.MatchString(line):
			lines = append(lines, exercise.FindString(line))
		}
	}
	return lines
}

var (
	heading  = regexp.MustCompile(`^#+ (?:\d\.)?`)
	exercise = regexp.MustCompile(`^\d\. `)
)

// Whoever reads the lesson in another language misses nothing.
func TestTutorialsAreEqual(t *testing.T) {
	want := skeleton(read(t, tutorials[catalogue.English]))
	if len(want) < 50 {
		t.Fatalf("only %d lines in %q", len(want), want)
	}
	for _, lang := range catalogue.Langs[1:] {
		got := skeleton(read(t, tutorials[lang]))
		for i := range max(len(want), len(got)) {
			if i >= len(want) || i >= len(got) || want[i] != got[i] {
				t.Errorf("%s: differs from the English at %q, which has %q", tutorials[lang], got[min(i, len(got)):], want[min(i, len(want)):])
				break
			}
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	quotedCode = regexp.MustCompile("(?s)```.*?```|`[^`]*`")
	bold       = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	title      = regexp.MustCompile(`(?m)^#.*$`)
	piece      = regexp.MustCompile(`\n\n|\n- `) // paragraphs and items
)

// A word that a newcomer may not know is bold where it is explained, its first use, and
// lab words tells it again.
func TestTutorialsExplainTheirWords(t *testing.T) {
	for lang, file := range tutorials {
		_, lesson, _ := strings.Cut(read(t, file), "\n## ")
		used, explained := map[glossary.Word]bool{}, map[glossary.Word]bool{}
		prose := title.ReplaceAllString(quotedCode.ReplaceAllString(lesson, ""), "")
		for _, text := range piece.Split(prose, -1) {
			for _, m := range bold.FindAllStringSubmatch(text, -1) {
				found := glossary.In(lang, m[1])
				if len(found) != 1 {
					t.Errorf("%s: **%s**: lab words has %v", file, m[1], found)
				}
				for _, w := range found {
					if used[w] {
						t.Errorf("%s: %s is used before it is explained", file, w)
					}
					explained[w] = true
				}
			}
			for _, w := range glossary.In(lang, text) {
				used[w] = true
			}
		}
		for _, w := range []glossary.Word{"packet", "port", "segment", "frame", "mtu", "xor", "base64", "ecr", "nop", "payload", "header", "sniffer", "handshake"} {
			if !slices.Contains(glossary.All(lang), w) || !explained[w] {
				t.Errorf("%s does not explain %s", file, w)
			}
		}
	}
}
