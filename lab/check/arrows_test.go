package check

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What a capture shows is worked out in one direction: no stage knows one behind
// it.
func TestStagesKnowOnlyThoseBefore(t *testing.T) {
	stages := []string{"texts", "evidence", "steps", "explain", "", "render"}
	const room = "chatlab/lab/check"
	for i, stage := range stages {
		out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, "./"+stage).Output()
		if err != nil {
			t.Fatal(stage, err)
		}
		for _, path := range strings.Fields(string(out)) {
			if path != room && !strings.HasPrefix(path, room+"/") {
				continue
			}
			imported := strings.TrimPrefix(strings.TrimPrefix(path, room), "/")
			if at := slices.Index(stages, imported); at < 0 || at >= i || stage == "evidence" {
				t.Errorf("%s imports %q", stage, imported)
			}
		}
	}
}
