package guide

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// act gives the lesson what comes of an act that it wants done: mynick's browser
// joins from another port, and speaks.
func (s *student) act(act Act) {
	s.t.Helper()
	if act == OpenPage {
		s.load()
		return
	}
	joins := tab(s.t, 50010, 0, 12)
	if act == Speak {
		joins = tab(s.t, 50010, 0, 15)
	}
	s.ask("this")
	s.take(joins)
}

// until answers and waits until the lesson has gone on from a step.
func (s *student) until(step Step) bool {
	done := 0
	for range 100 {
		for ; done < len(s.said); done++ {
			if o := s.said[done]; o.Kind == Do {
				s.act(o.Act)
			}
		}
		switch {
		case s.lesson.state.Step.index() > step.index():
			return true
		case s.lesson.question != nil:
			s.line("skip")
		default:
			return false
		}
	}
	return false
}

// A lesson whose saved capture has lost its end, at any packet or in the middle of
// one, goes on when it is taken up again: what the lab did in the student's place
// and is not in the capture any more it does again, and what is missing behind
// that is not waited for.
func TestCutCaptureOfAStoodInStep(t *testing.T) {
	for _, step := range []Step{Page, Nickname, Message} {
		whole := stoodIn(t, step)
		state := *whole.lesson.State()
		packets := []capture.Packet{}
		for i := range whole.lesson.Packets() {
			packets = append(packets, *whole.lesson.Record(i).Packet)
		}
		resumed, again := 0, 0
		for kept := len(packets); kept >= 0; kept-- {
			for _, less := range []int64{0, 1} {
				store := Store{Dir: t.TempDir()}
				file, err := createPacketFile(store.PacketFile(), packets[:kept])
				if err == nil {
					err = file.Close()
				}
				if err == nil {
					err = store.Save(&state)
				}
				if err != nil {
					t.Fatal(err)
				}
				if info, _ := os.Stat(store.PacketFile()); kept > 0 {
					if err := os.Truncate(store.PacketFile(), info.Size()-less); err != nil {
						t.Fatal(err)
					}
				}
				s := &student{t: t, lang: catalogue.English}
				o := s.options()
				if o.Packets, err = readPackets(store.PacketFile()); err != nil {
					t.Fatal(err)
				}
				o.State, err = store.Load(len(o.Packets))
				var corrupt *corruptError
				if errors.As(err, &corrupt) {
					continue // of what the state has seen too much is lost: it is begun anew
				} else if err != nil {
					t.Fatal(err)
				}
				resumed++
				s.lesson = New(o)
				s.lesson.Scripted(scenario.EarlierPort)
				s.hear(s.lesson.Start())
				// The time without packets comes while the student thinks, and once.
				s.hear(s.lesson.Quiet())
				on := s.until(step)
				if !on {
					s.hear(s.lesson.Quiet()) // after what the lab has done again
					on = s.until(step)
				}
				if !on {
					t.Errorf("%s: with %d of %d packets, less %d bytes, nothing more happens: %+v", step, kept, len(packets), less, s.line("skip"))
				}
				if slices.ContainsFunc(s.said, func(o Output) bool { return o.Kind == Do }) {
					again++
				}
			}
		}
		if again == 0 || step != Page && resumed < 2 {
			t.Errorf("%s: resumed %d times, done again %d times", step, resumed, again)
		}
	}
}

// stoodIn is a lesson left at the first question of a step that the lab has done,
// or before the page of it has come. An old tab has connected last.
func stoodIn(t *testing.T, step Step) *student {
	s := begin(t, catalogue.English)
	s.take(s.packets[:scenario.EarlierCount])
	s.packets = s.packets[scenario.EarlierCount:]
	s.line("skip")
	if step == Page {
		return s
	}
	s.load()
	s.ask("this")
	s.line("skip")
	said := slices.IndexFunc(s.packets, func(p capture.Packet) bool {
		var seg dissect.Segment
		return seg.Decode(&p) == nil && binary.BigEndian.Uint16(p.Data[20:]) == scenario.NewcomerPort && len(seg.Payload) == 58
	})
	if said < 0 {
		t.Fatal("mynick says nothing")
	}
	s.take(s.packets[:said])
	s.packets = s.packets[said:]
	if step == Message {
		for s.lesson.state.Step == Nickname {
			s.line("skip")
		}
		s.line("skip")
		s.take(s.packets)
	}
	s.take(tab(t, 50001, 0, 3))
	if s.lesson.state.Step != step || s.lesson.question == nil || len(s.lesson.state.Strangers) == 0 {
		t.Fatalf("left at %s, %+v", s.lesson.state.Step, s.lesson.question)
	}
	return s
}
