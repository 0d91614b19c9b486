package check_test

import (
	"fmt"
	"reflect"
	"testing"

	"chatlab/lab/check"
	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// What is forgotten of one student's packets changes no step, and what is kept does not
// grow with what others say.
func TestThinnedCaptureHasTheSameSteps(t *testing.T) {
	for _, today := range []bool{true, false} {
		cast := checktest.Cast{Today: today}
		s := checktest.New(t)
		other, newcomer := s.Conn(scenario.EarlierPort), s.Conn(scenario.NewcomerPort)
		s.Enter(other, cast)
		s.Login(other, nil, "zoe", 1, cast)
		s.Enter(newcomer, cast)
		s.Login(newcomer, other, scenario.Nick, 1, cast)
		for i := range 300 {
			s.Speak(other, newcomer, "zoe", fmt.Sprint("hello ", i), cast)
			newcomer.Say(0, `{"type":"pong"}`)
		}
		s.Speak(newcomer, other, scenario.Nick, "hi, all", cast)
		s.Speak(newcomer, other, scenario.Nick, scenario.Message, cast)
		var whole, thinned evidence.Capture
		most := 0
		for i := range s.Packets {
			var segment dissect.Segment
			if err := segment.Decode(&s.Packets[i]); err != nil {
				t.Fatal(err)
			}
			if segment.Src.Port() != scenario.NewcomerPort && segment.Dst.Port() != scenario.NewcomerPort {
				continue
			}
			if i%50 == 0 {
				before, _ := check.Steps(&whole, steps.Task{})
				after, _ := check.Steps(&thinned, steps.Task{})
				if !reflect.DeepEqual(before, after) {
					t.Fatalf("packet %d: %+v, want %+v", i, after, before)
				}
			}
			whole.Segment(&segment)
			thinned.Segment(&segment)
			thinned.Thin()
			most = max(most, thinned.Kept())
		}
		before, after := check.Capture(&whole, steps.Task{}), check.Capture(&thinned, steps.Task{})
		if !reflect.DeepEqual(before.Steps, after.Steps) || !after.OK() {
			t.Errorf("today %v: %+v, want %+v", today, after.Steps, before.Steps)
		}
		if most > 40 || whole.Kept() < 1000 {
			t.Errorf("today %v: %d of %d packets kept", today, most, whole.Kept())
		}
	}
}
