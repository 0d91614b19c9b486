package explain

import (
	"slices"
	"time"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// condition tells whether a rule explains a step.
type condition func(*situation) bool

func all(conditions ...condition) condition {
	return func(s *situation) bool {
		return !slices.ContainsFunc(conditions, func(c condition) bool { return !c(s) })
	}
}

func either(a, b condition) condition { return func(s *situation) bool { return a(s) || b(s) } }

// Of the capture.

func empty(s *situation) bool            { return s.Capture.Total == 0 }
func nothing(s *situation) bool          { return len(s.Capture.Conversations) == 0 }
func pageOnly(s *situation) bool         { return s.Capture.Outside.Page }
func upgradeElsewhere(s *situation) bool { return s.Capture.Outside.UpgradePort != 0 }

func tlsElsewhere(s *situation) bool { return s.Capture.Outside.TLSPort != 0 }
func wifi(s *situation) bool         { return s.Capture.Outside.WiFi }
func tlsNear(s *situation) bool      { return s.Capture.Outside.Near }

func unreadLinkType(s *situation) bool {
	_, ok := s.Capture.Outside.LinkType()
	return ok
}

func undecoded(err error) condition {
	return func(s *situation) bool { return s.Capture.Outside.Undecoded[err] > 0 }
}

// malformed: no packet can be read.
func malformed(s *situation) bool {
	return s.Capture.Outside.Undecoded[dissect.ErrMalformed] == s.Capture.Total
}

// short: packets were cut short while they were captured.
func short(s *situation) bool { return s.Capture.Outside.Cut() || s.conversation.Short }

// Of the conversation.

// gap: bytes of a side passed and were not captured.
func gap(side dissect.Side) condition {
	return func(s *situation) bool { return s.conversation.Gap(side) }
}

// oneWay: packets of this side alone were captured, and they acknowledge others.
func oneWay(side dissect.Side) condition {
	return func(s *situation) bool { return s.conversation.OneWay(side) }
}

// Of the attempt.

func answered(status int) condition {
	return func(s *situation) bool { return s.Attempt.Response.Head.Status() == status }
}

// cutShort: packets that carry the step were.
func cutShort(s *situation) bool {
	return slices.ContainsFunc(s.conversation.Packets, func(p *evidence.Packet) bool {
		_, shows := slices.BinarySearch(s.step.Packets, p.Number)
		return shows && p.Missing > 0
	})
}

func nickAlike(s *situation) bool { return steps.Alike(s.Attempt.Taken, s.Attempt.Task.Nick) }

func messageAlike(s *situation) bool { return steps.Alike(s.Attempt.Said, s.Attempt.Task.Message) }

// ended: notes of the step tell how the connection ended.
func ended(notes ...string) condition {
	return func(s *situation) bool {
		return slices.ContainsFunc(s.step.Notes, func(m catalogue.Message) bool { return slices.Contains(notes, m.Key()) })
	}
}

// wentOn: the capture goes on for some time behind the step before, and the
// server's answer was not withheld from it.
func wentOn(s *situation) bool {
	c := s.conversation
	if c.Gap(dissect.Server) || len(c.Packets) == 0 {
		return false
	}
	cause := s.Attempt.Login
	if s.step.ID == annotate.SayBroadcast {
		cause = s.Attempt.Say
	}
	return cause != nil && c.Packets[len(c.Packets)-1].Time.Sub(cause.Last.Time) > patience
}

// patience is how long an answer may take.
const patience = time.Second

// lastPacket: nothing was captured behind the conversation's only packet.
func lastPacket(s *situation) bool {
	c := s.conversation
	return len(c.Packets) == 1 && c.Packets[0].Number == s.Capture.Total
}

// A kind of packet that a filter may have kept out of all conversations.

func isBare(p *evidence.Packet) bool { return p.Length == 0 }
func isData(p *evidence.Packet) bool { return p.Length > 0 }

// without: no packet of the chat's port is of a kind.
func without(is func(*evidence.Packet) bool) condition {
	return func(s *situation) bool {
		for _, c := range s.Capture.Conversations {
			if slices.ContainsFunc(c.Packets, is) {
				return false
			}
		}
		return true
	}
}

// onlySYN: of several connections nothing but their SYNs was captured.
func onlySYN(s *situation) bool {
	accepted := 0
	for _, c := range s.Capture.Conversations {
		if slices.ContainsFunc(c.Packets, func(p *evidence.Packet) bool { return p.Flags&tcp.SYN == 0 }) {
			return false
		}
		if c.SYNACK != nil {
			accepted++
		}
	}
	return accepted > 1
}

// filtered: enough packets were captured to say what there is none of, and they tell
// of others: bytes passed, or were asked for.
func filtered(s *situation) bool {
	packets, more := 0, false
	for _, c := range s.Capture.Conversations {
		packets += len(c.Packets)
		more = more || c.Gaps() || slices.ContainsFunc(c.Packets, isData)
	}
	return packets > 4 && more
}

// answeredNevertheless: the server's answer to what is missing is there.
func answeredNevertheless(s *situation) bool {
	answer := map[annotate.Step]annotate.Step{annotate.Login: annotate.LoginBroadcast, annotate.Say: annotate.SayBroadcast}[s.step.ID]
	return slices.ContainsFunc(s.Steps, func(step steps.Step) bool { return step.ID == answer && step.Status == steps.Found })
}

// laterFound: a step behind this one is as expected.
func laterFound(s *situation) bool {
	i := slices.IndexFunc(s.Steps, func(step steps.Step) bool { return step.ID == s.step.ID })
	return slices.ContainsFunc(s.Steps[i:], func(step steps.Step) bool { return step.Status == steps.Found })
}

// saidEarly: the message was said before a nickname was taken.
func saidEarly(s *situation) bool {
	return slices.ContainsFunc(s.Steps, func(step steps.Step) bool {
		return slices.ContainsFunc(step.Notes, func(m catalogue.Message) bool { return m.Key() == "note.early" })
	})
}

// contradicted: the browser said one thing, the server another.
func contradicted(s *situation) bool { return s.Attempt.Contradicted(s.step.ID) }

// refused: the server told the newcomer that a message is not delivered.
func refused(s *situation) bool {
	return slices.ContainsFunc(s.conversation.Units, func(u *evidence.Unit) bool { return u.Is(dissect.Server, chat.Refused) })
}

// saidToOne: in 2014 not even the sender is then sent a copy.
func saidToOne(s *situation) bool { return s.Attempt.Private }

func passedToOne(s *situation) bool { return s.Attempt.SayBroadcast.Message.To != chat.Everybody }
