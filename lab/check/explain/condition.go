package explain

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// condition tells whether a rule explains a step.
type condition func(*situation) bool

func all(conditions ...condition) condition {
	return func(s *situation) bool {
		return !slices.ContainsFunc(conditions, func(c condition) bool { return !c(s) })
	}
}

func not(c condition) condition { return func(s *situation) bool { return !c(s) } }

// Of the capture.

func empty(s *situation) bool            { return s.Capture.Total == 0 }
func nothing(s *situation) bool          { return len(s.Capture.Conversations) == 0 }
func pageOnly(s *situation) bool         { return s.Capture.Outside.Page }
func upgradeElsewhere(s *situation) bool { return s.Capture.Outside.UpgradePort != 0 }

func unreadLinkType(s *situation) bool {
	_, ok := s.Capture.Outside.LinkType()
	return ok
}

func undecoded(err error) condition {
	return func(s *situation) bool { return s.Capture.Outside.Undecoded[err] > 0 }
}

// short: packets were cut short while they were captured.
func short(s *situation) bool { return s.Capture.Outside.Cut() || s.conversation.Short }

// Of the conversation.

// gap: bytes of a side passed and were not captured.
func gap(side dissect.Side) condition {
	return func(s *situation) bool { return s.conversation.Gap(side) }
}

// begunLate: the capture begins behind TCP's handshake, and the step stood before
// what it has, or would be the first of it.
func begunLate(s *situation) bool {
	return s.conversation.SYN == nil && s.conversation.SYNACK == nil &&
		(len(s.before) <= 1 || slices.ContainsFunc(s.after, func(b steps.Step) bool { return b.Status != steps.Missing }))
}

// follows: the step cannot be without one before it.
func follows(s *situation) bool { return s.cause() != s.step.ID }

// cause gives the first step before this one without which this one cannot be, or
// this one. TCP's handshake may be missing where the capture was begun late.
func (s *situation) cause() annotate.Step {
	c := s.conversation
	for _, b := range s.before {
		switch {
		case b.ID == annotate.Handshake:
			if nothing(s) || s.step.ID == annotate.Upgrade && b.Status == steps.Different && (c.SYNACK == nil || c.HandshakeACK == nil) {
				return b.ID
			}
		case b.Status == steps.Missing, b.ID == annotate.Upgrade && b.Status == steps.Different && !c.Frames:
			return b.ID
		}
	}
	return s.step.ID
}

// Of the attempt.

func answered(status int) condition {
	return func(s *situation) bool { return s.Attempt.Response.Head.Status() == status }
}

// oldVersion: the browser asks for another version than a server takes
// (RFC 6455 §4.2.2).
func oldVersion(s *situation) bool {
	return s.Attempt.Request.Head.Get("Sec-WebSocket-Version") != "13"
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

// saidToOne: in 2014 not even the sender is then sent a copy.
func saidToOne(s *situation) bool { return s.Attempt.Private }

func passedToOne(s *situation) bool { return s.Attempt.SayBroadcast.Message.To != chat.Everybody }
