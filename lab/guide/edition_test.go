package guide

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// tab gives what mynick's browser and the server send each other, n packets from
// the first-th on, as if the browser had another port.
func tab(t *testing.T, port uint16, first, n int) []capture.Packet {
	t.Helper()
	var packets []capture.Packet
	for _, p := range documentedPackets(t) {
		for _, at := range []int{20, 22} {
			if binary.BigEndian.Uint16(p.Data[at:]) == scenario.NewcomerPort {
				p.Data = bytes.Clone(p.Data)
				binary.BigEndian.PutUint16(p.Data[at:], port)
				packets = append(packets, p)
			}
		}
	}
	return packets[first : first+n]
}

func (s *student) take(packets []capture.Packet) {
	for i := range packets {
		out, _ := s.lesson.Packet(&packets[i])
		s.hear(out)
	}
}

// A tab of an earlier lesson, of a version that asks and of one that does not yet,
// does none of the steps, whenever it comes; the terminal says so once, and the
// page of this lesson does them all.
func TestOldTabDoesNoStep(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, left := range []bool{false, true} {
			s := begin(t, lang)
			told := func() (n int) {
				for _, o := range s.said {
					if o.Text == s.lesson.text("stale") {
						n++
					}
				}
				return n
			}
			expect := func(step Step) {
				t.Helper()
				s.hear(s.lesson.Quiet())
				if s.lesson.state.Step != step || s.lesson.question != nil {
					t.Fatalf("%s: the old tab leads to %s and the question %+v", lang, s.lesson.state.Step, s.lesson.question)
				}
			}
			const old = 12                // packets until it is in the chat
			s.take(tab(t, 50001, 0, old)) // before anything else has happened
			expect(Capture)
			if told() != 1 {
				t.Errorf("%s: told %d times", lang, told())
			}
			s.take(s.packets[:scenario.EarlierCount])
			s.packets = s.packets[scenario.EarlierCount:]
			s.ask("that")
			expect(Page)
			s.load()
			s.take(tab(t, 50002, 0, old)) // between the page and its connection
			s.ask("that")
			expect(Nickname)
			if left {
				s.again()
				expect(Nickname)
			}
			s.ask("this")
			for s.lesson.state.Step == Nickname {
				if s.lesson.question == nil {
					s.take(s.packets[:1])
					s.packets = s.packets[1:]
				} else if out := s.line(s.right()); !texted(out, Success, "") {
					t.Fatalf("%s: %q is not right for %s", lang, s.right(), s.lesson.question.id)
				}
			}
			s.take(tab(t, 50001, old, 3)) // its message
			expect(Message)
			for s.see(); !s.lesson.Over(); s.see() {
				if s.lesson.question == nil {
					t.Fatalf("%s: nothing more happens in step %s", lang, s.lesson.state.Step)
				}
				s.line("skip")
			}
			for _, o := range s.said {
				if o.Kind == Show && s.lesson.trace.records[o.Packet].client >= 50001 && s.lesson.trace.records[o.Packet].client <= 50002 {
					t.Errorf("%s: packet %d of the old tab is shown", lang, o.Packet+1)
				}
			}
			if told() != 1 {
				t.Errorf("%s: told %d times", lang, told())
			}
			if !s.lesson.verdict().OK() {
				t.Errorf("%s: the old tab counts in the verdict", lang)
			}
			var page strings.Builder
			if err := s.lesson.Report(&page, ReportOptions{}); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(page.String(), "50001") || strings.Contains(page.String(), "50002") {
				t.Errorf("%s: the old tab is in the report", lang)
			}
			if got := s.lesson.state.Strangers; !slices.Equal(got, []int{0, 2}) {
				t.Errorf("%s: strangers %v", lang, got)
			}
		}
	}
}

// A program without scripts counts once it has loaded the page; it cannot ask.
func TestProgramCounts(t *testing.T) {
	s := begin(t, catalogue.English)
	s.take(s.packets[:scenario.EarlierCount])
	for _, p := range []*capture.Packet{pagePacket(40000, 55151, "GET / HTTP/1.1\r\nUser-Agent: curl/8\r\n\r\n"), pagePacket(55151, 40000, "HTTP/1.1 200 OK\r\n")} {
		s.take([]capture.Packet{*p})
	}
	s.take(tab(t, 50001, 0, 2))
	if s.lesson.question == nil || s.lesson.question.id != askAcceptFlags {
		t.Errorf("it is asked %+v", s.lesson.question)
	}
}

func TestEachLessonHasItsID(t *testing.T) {
	first, second := newID(time.Unix(1, 0)), newID(time.Unix(1, 1))
	if first == second || !validID(first) || !validID("") || validID("../x") || validID("A") || validID(strings.Repeat("a", 33)) {
		t.Errorf("%q and %q", first, second)
	}
}

// Wherever the program is killed while the student joins or speaks, and whatever
// was not captured then: the page comes back, the student does it again, and the
// lesson goes on.
func TestKilledWhileJoining(t *testing.T) {
	for kept := scenario.EarlierCount; kept <= len(documentedPackets(t)); kept++ {
		s := begin(t, catalogue.English)
		rest := s.packets[kept:]
		s.packets = s.packets[:kept]
		goOn := func() {
			for s.see(); s.lesson.question != nil; s.see() {
				s.line("skip")
			}
			s.hear(s.lesson.Quiet())
		}
		goOn()
		s.again()
		goOn()
		if len(rest) > 0 && s.lesson.Over() {
			continue // what is missing is an acknowledgement, which is not waited for
		}
		for port := uint16(50001); !s.lesson.Over(); port++ {
			if port > 50002 {
				t.Fatalf("killed after packet %d: nothing more happens in step %s", kept, s.lesson.state.Step)
			}
			// The whole of it, on another connection; and the other browser's too.
			s.ask("this")
			for _, p := range documentedPackets(t)[scenario.EarlierCount:] {
				for _, at := range []int{20, 22} {
					if binary.BigEndian.Uint16(p.Data[at:]) == scenario.NewcomerPort {
						p.Data = bytes.Clone(p.Data)
						binary.BigEndian.PutUint16(p.Data[at:], port)
					}
				}
				s.packets = append(s.packets, p)
			}
			goOn()
			s.hear(s.lesson.Quiet())
			goOn()
		}
	}
}

// A step that was left to the lab is begun again by the lab when it is gone on
// with, unless it was done.
func TestLabStandsInAgain(t *testing.T) {
	acts := func(s *student) (acts []Act) {
		for _, o := range s.said {
			if o.Kind == Do {
				acts = append(acts, o.Act)
			}
		}
		return acts
	}
	s := begin(t, catalogue.English)
	s.take(s.packets[:scenario.EarlierCount])
	s.packets = s.packets[scenario.EarlierCount:]
	s.line("skip")
	s.again()
	s.load()
	s.line("skip")
	s.again()
	if got := acts(s); !slices.Equal(got, []Act{OpenPage, OpenPage, Join, Join}) {
		t.Errorf("it does %v", got)
	}
	s.ask("this")
	for s.lesson.state.Step == Nickname && len(s.packets) > 4 {
		s.take(s.packets[:1])
		s.packets = s.packets[1:]
	}
	s.again()
	if got := acts(s); len(got) != 4 {
		t.Errorf("it joins again though all was captured: %v", got)
	}
}

// What 猪猪 says while the student has not spoken is not the student's message:
// nothing is asked about it.
func TestGreetingIsNoCopy(t *testing.T) {
	s := begin(t, catalogue.English)
	s.take(s.packets[:scenario.EarlierCount])
	s.load()
	s.ask("this")
	for s.packets = s.packets[scenario.EarlierCount:]; len(s.packets) > 5; { // the message's
		s.take(s.packets[:1])
		s.packets = s.packets[1:]
		for s.lesson.question != nil {
			s.line("skip")
		}
	}
	// A delivery to the student behind the last one, and its acknowledgement.
	before := tab(t, scenario.NewcomerPort, 10, 2)
	greeting, ack := before[0], before[1]
	head := int(greeting.Data[32]>>4)*4 + 20
	size := uint32(len(greeting.Data) - head)
	frame := dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Text}, []byte(`{"type":"say","from_uid":1,"content":"hello"}`))
	greeting.Data = append(greeting.Data[:head:head], frame...)
	greeting.Length = len(greeting.Data)
	binary.BigEndian.PutUint16(greeting.Data[2:], uint16(len(greeting.Data)))
	binary.BigEndian.PutUint32(greeting.Data[24:], binary.BigEndian.Uint32(greeting.Data[24:])+size)
	ack.Data = bytes.Clone(ack.Data)
	binary.BigEndian.PutUint32(ack.Data[28:], binary.BigEndian.Uint32(ack.Data[28:])+uint32(len(frame)))
	s.take([]capture.Packet{greeting, ack})
	last := s.lesson.trace.units[len(s.lesson.trace.units)-1]
	if last.message.Content != "hello" || last.ackedBy == nil {
		t.Fatalf("the greeting is read as %+v", last.message)
	}
	if q := s.lesson.question; s.lesson.state.Step != Message || q != nil {
		t.Errorf("in step %s it is asked %+v", s.lesson.state.Step, q)
	}
}
