package explain

import (
	"slices"
	"strings"
	"testing"

	"chatlab/lab/check/texts"
	"chatlab/sniffer/catalogue"
)

// Whatever a step has instead, or lacks, some rule explains it.
func TestEveryStepIsExplained(t *testing.T) {
	if last := rules[len(rules)-1]; last.steps != nil || last.got != nil || last.when != nil {
		t.Error("the last rule does not explain every step that is missing")
	}
	got := func(key string) bool {
		return slices.ContainsFunc(rules, func(r rule) bool { return slices.Contains(r.got, key) && r.steps == nil && r.when == nil })
	}
	// Only steps that were found have these.
	found := []string{"got.handshake", "got.upgrade"}
	for key := range texts.Check.Sources(catalogue.English) {
		if strings.HasPrefix(key, "got.") && !slices.Contains(found, key) && !got(key) {
			t.Errorf("no rule explains every step that has %s", key)
		}
	}
	for _, r := range rules {
		for _, key := range append(slices.Clone(r.got), r.advice) {
			if !texts.Check.Has(key) {
				t.Errorf("no text for %s", key)
			}
		}
	}
}

// What does not hold where a file ends early is not said there: the rule for a
// step that nobody took comes with it.
func TestRulesThatNeedTheEnd(t *testing.T) {
	for _, r := range rules {
		if blames := slices.Contains([]string{"hint.login", "hint.say", "hint.upgrade", "hint.nick", "hint.message"}, r.advice); blames && !r.needsEnd {
			t.Errorf("%s is said of a file that was cut off", r.advice)
		}
	}
}
