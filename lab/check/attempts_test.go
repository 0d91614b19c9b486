package check

import (
	"slices"
	"strings"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// A private message names its hearer in the dialect of 2014 too, and is no copy
// of the same words to all.
func TestPrivate2014(t *testing.T) {
	s := checktest.New(t)
	c := checktest.Cast{}
	n, o := together(s, c)
	n.Say(client, `{"type":"say","to_uid":`+o.UID(c)+`,"content":"hi,  all !"}`)
	o.Say(server, `{"type":"say","from_uid":`+n.UID(c)+`,"to_uid":`+o.UID(c)+`,"content":"hi,  all !","time":"2014-08-12 :51:02"}`)
	if got := checked(s.Packets, steps.Task{}).step(annotate.Say).Got.In(catalogue.English); got != "“hi,  all !”, to “猪猪” only" {
		t.Errorf("got %q", got)
	}
	before := len(s.Packets)
	s.Speak(n, o, "mynick", "hi,  all !", c)
	if got := checked(s.Packets, steps.Task{}).step(annotate.SayBroadcast).Packets; len(got) != 2 || got[0] <= before {
		t.Errorf("packets %v, of which those up to %d are private", got, before)
	}
}

// Whether the newcomer was alone is known by the list of members, not by whose
// packets the capture has.
func TestAlone(t *testing.T) {
	for _, today := range []bool{false, true} {
		together := played(t, checktest.Cast{Today: today})
		own := slices.DeleteFunc(slices.Clone(together), func(p capture.Packet) bool {
			var s dissect.Segment
			return s.Decode(&p) == nil && (s.Src.Port() == 60584 || s.Dst.Port() == 60584)
		})
		for _, tt := range []struct {
			packets []capture.Packet
			want    string
		}{
			{together, ""}, {own, "note.own"}, {own[8:], "note.own"}, {played(t, checktest.Cast{Today: today, Alone: true}), "note.alone"},
		} {
			for _, id := range []annotate.Step{annotate.LoginBroadcast, annotate.SayBroadcast} {
				got := ""
				for _, n := range checked(tt.packets, steps.Task{}).step(id).Notes {
					got += n.Key()
				}
				if got != tt.want {
					t.Errorf("today %v, %d packets: %s has the notes %q, want %q", today, len(tt.packets), id, got, tt.want)
				}
			}
		}
	}
}

// One's own attempt with two slips of the pen is reported, not what others did
// before and after.
func TestOwnAttemptAmongOthers(t *testing.T) {
	o := steps.Task{Nick: "silent-rabbit-69", Message: "nine yellow crabs see kind ladders"}
	s := checktest.New(t)
	for i, task := range [][2]string{{"rapid-panda-98", "sixteen green crows like quiet boats"}, {"silent-rabit-96", "nine yelow crabs sea kind ladders"},
		{"small-turtle-36", "thirty pink spiders build proud trees"}} {
		s.Play(checktest.Cast{Today: true, Alone: true, Nick: task[0], Message: task[1], Port: uint16(41000 + i)})
	}
	if r := checked(s.Packets, o); r.Client.Port() != 41001 {
		t.Errorf("reported %v, who is %s", r.Client, r.Taken)
	}
}

// A long message of which one packet is short, or missing: how much of it there
// is, and why.
func TestLongMessageNotWhole(t *testing.T) {
	o := steps.Task{Message: strings.Repeat("0123456789abcde ", 500)}
	make := func() []capture.Packet {
		return played(t, checktest.Cast{Alone: true, Today: true, MSS: 2000, Message: o.Message})
	}
	longest := func(packets []capture.Packet) int {
		return slices.IndexFunc(packets, func(p capture.Packet) bool { return p.Length > 2000 })
	}
	cut := make()
	at := longest(cut) + 1
	cut[at].Data = cut[at].Data[:len(cut[at].Data)-100]
	lost := make()
	lost = slices.Delete(lost, longest(lost)+1, longest(lost)+2)
	for want, packets := range map[string][]capture.Packet{"hint.snaplen": cut, "hint.lost": lost} {
		r := checked(packets, o)
		s := r.step(annotate.Say)
		if s.Status != steps.Different || r.Advice.Key() != want {
			t.Errorf("%s: %s, advice %s", want, s.Status, r.Advice.Key())
		}
		if got := s.Got.In(catalogue.English); !strings.Contains(got, "the first 3892: ") && !strings.Contains(got, "the first 1992: ") {
			t.Errorf("%s: got %s", want, got)
		}
	}
}
