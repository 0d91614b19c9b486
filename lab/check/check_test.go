package check

import (
	"slices"
	"testing"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
)

func TestDocumentedCaptureIsRight(t *testing.T) {
	packets, err := scenario.Packets(false)
	if err != nil {
		t.Fatal(err)
	}
	r := checked(packets, steps.Task{})
	if !r.OK() {
		t.Error("not right")
	}
	for i, want := range [][]int{{1, 2, 3}, {4, 6}, {8}, {9}, {11, 13}, {15}, {16, 18}} {
		if s := r.Steps[i]; s.Status != steps.Found || !slices.Equal(s.Packets, want) {
			t.Errorf("%s: %s in %v, want %v: %s", s.ID, s.Status, s.Packets, want, s.Got.In(catalogue.English))
		}
	}
	if len(r.Packets) != 19 {
		t.Fatalf("%d packets", len(r.Packets))
	}
	for i, v := range r.Packets {
		if v.Kind != Match || int(v.Documented) != i+1 || v.Number != i+1 {
			t.Errorf("packet %d: %s, documented %d: %s", v.Number, v.Kind, v.Documented, v.Reason.In(catalogue.English))
		}
	}
}
