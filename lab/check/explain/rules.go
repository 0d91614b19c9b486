package explain

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// rules are all explanations. The first one that fits is the advice: the more
// specific stand before the less specific. To add one, put it in its place, and
// its text into the catalogue.
var rules = slices.Concat(uncaptured, different, missing)

// uncaptured are for captures without a conversation.
var uncaptured = []rule{
	{advice: "hint.empty", steps: handshake, when: func(s *situation) bool { return s.Capture.Total == 0 }, needsEnd: true},
	{advice: "hint.snaplen", steps: handshake, when: func(s *situation) bool { return s.nothing() && s.Capture.Outside.Cut > 0 }},
	{advice: "hint.port", steps: handshake, when: func(s *situation) bool { return s.nothing() && s.Capture.Outside.UpgradePort != 0 }},
	{advice: "hint.page", steps: handshake, when: func(s *situation) bool { return s.nothing() && s.Capture.Outside.Page }, needsEnd: true},
	{advice: "hint.nothing", steps: handshake, when: (*situation).nothing, needsEnd: true},
	{advice: "hint.after", when: (*situation).nothing},
}

// different are for steps that took place, but not as expected.
var different = []rule{
	{advice: "hint.late", got: []string{"got.handshake.late"}},
	{advice: "hint.ended", got: []string{"got.handshake.open", "got.upgrade.unanswered"}, needsEnd: true},
	{advice: "hint.lost", got: []string{"got.handshake.lost", "got.upgrade.lost"}},
	{advice: "hint.refused", got: []string{"got.handshake.refused"}},
	{advice: "hint.unanswered", got: []string{"got.handshake.unanswered"}, needsEnd: true},
	{advice: "hint.snaplen", got: []string{"got.cut"}},

	{advice: "hint.lost", got: []string{"got.upgrade.response"}, when: func(s *situation) bool { return s.conversation.Gap(dissect.Client) }},
	{advice: "hint.late", got: []string{"got.upgrade.response"}},
	{advice: "hint.direct", got: []string{"got.upgrade.plain"}},
	{advice: "hint.origin", got: []string{"got.upgrade.status"}, when: func(s *situation) bool { return s.Attempt.Response.Head.Status() == 403 }},
	{advice: "hint.full", got: []string{"got.upgrade.status"}, when: func(s *situation) bool { return s.Attempt.Response.Head.Status() == 503 }},
	// A server refuses another version rightly (RFC 6455 §4.2.2).
	{advice: "hint.browser", got: []string{"got.upgrade.status"}, when: func(s *situation) bool { return s.Attempt.Request.Head.Get("Sec-WebSocket-Version") != "13" }},
	{advice: "hint.browser", got: []string{"got.upgrade.version"}},
	{advice: "hint.server", got: []string{"got.upgrade.status", "got.upgrade.nokey", "got.upgrade.headers"}},
	{advice: "hint.accept", got: []string{"got.upgrade.accept"}},
	{advice: "hint.deflate", got: []string{"got.upgrade.extension", "got.compressed"}},

	{advice: "hint.snaplen", got: []string{"got.frame.cut"}, when: func(s *situation) bool {
		return slices.ContainsFunc(s.conversation.Packets, func(p *evidence.Packet) bool { return p.Missing > 0 && slices.Contains(s.step.Packets, p.Number) })
	}},
	{advice: "hint.lost", got: []string{"got.frame.cut"}},
	{advice: "hint.nick.close", got: []string{"got.login"}, when: func(s *situation) bool { return steps.Alike(s.Attempt.Taken, s.Attempt.Task.Nick) }},
	{advice: "hint.nick", got: []string{"got.login", "got.members", "got.login-broadcast"}, needsEnd: true},
	{advice: "hint.private", got: []string{"got.say.private"}},
	{advice: "hint.private", got: []string{"got.say-broadcast"}, when: func(s *situation) bool { return s.Attempt.SayBroadcast.Message.To != chat.Everybody }},
	{advice: "hint.message.close", got: []string{"got.say"}, when: func(s *situation) bool { return steps.Alike(s.Attempt.Said, s.Attempt.Task.Message) }},
	{advice: "hint.message", got: []string{"got.say", "got.say-broadcast"}, needsEnd: true},
	{advice: "hint.notpassed", got: []string{"got.notpassed"}, needsEnd: true},
}

// missing are for steps that a conversation does not show.
var missing = []rule{
	{advice: "hint.snaplen", steps: handshake, when: func(s *situation) bool { return s.Capture.Outside.Cut > 0 }},
	{advice: "hint.late", steps: handshake},
	{advice: "hint.late", when: func(s *situation) bool { return s.begunLate() && !s.short() }},
	{advice: "hint.after", steps: []annotate.Step{annotate.Upgrade}, when: (*situation).follows},
	{advice: "hint.lost", steps: []annotate.Step{annotate.Upgrade}, when: func(s *situation) bool { return s.conversation.Gaps() }},
	{advice: "hint.lost", steps: []annotate.Step{annotate.Login, annotate.Say}, when: func(s *situation) bool { return s.conversation.Gap(dissect.Client) }},
	{advice: "hint.lost", steps: []annotate.Step{annotate.Members, annotate.LoginBroadcast, annotate.SayBroadcast}, when: func(s *situation) bool { return s.conversation.Gap(dissect.Server) }},
	// In 2014 not even the sender has a copy.
	{advice: "hint.private", steps: []annotate.Step{annotate.SayBroadcast}, when: func(s *situation) bool { return s.Attempt.Private }},
	{advice: "hint.after", when: (*situation).follows},
	{advice: "hint.snaplen", when: (*situation).short},
	{advice: "hint.upgrade", steps: []annotate.Step{annotate.Upgrade}, needsEnd: true},
	{advice: "hint.login", steps: []annotate.Step{annotate.Login}, needsEnd: true},
	{advice: "hint.say", steps: []annotate.Step{annotate.Say}, needsEnd: true},
	{advice: "hint.answer", needsEnd: true},
}

var handshake = []annotate.Step{annotate.Handshake}
