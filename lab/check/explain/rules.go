package explain

import (
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
)

// rules are all explanations. The first one that explains a step is the advice:
// the more specific stand before the less specific. To add one, put it in its
// place, and its text into the catalogue.
var rules = []rule{
	// No conversation with the chat's port was captured.
	{advice: "hint.empty", when: empty, needsEnd: true},
	{advice: "hint.linktype", when: all(nothing, unreadLinkType)},
	{advice: "hint.encrypted", when: all(nothing, undecoded(dissect.ErrProtected))},
	{advice: "hint.snaplen", when: all(nothing, undecoded(dissect.ErrCut))},
	{advice: "hint.malformed", when: all(nothing, malformed)},
	{advice: "hint.port", when: all(nothing, upgradeElsewhere)},
	{advice: "hint.tls.elsewhere", when: all(nothing, tlsNear)},
	{advice: "hint.page", when: all(nothing, pageOnly), needsEnd: true},
	{advice: "hint.tls.elsewhere", when: all(nothing, tlsElsewhere)},
	{advice: "hint.monitor", when: all(nothing, wifi)},
	{advice: "hint.nothing", when: nothing, needsEnd: true},

	// Something else was spoken, whenever the capture began.
	{advice: "hint.tls", got: []string{"got.upgrade.tls"}, any: true},
	{advice: "hint.tls.plain", got: []string{"got.upgrade.tls.plain", "got.upgrade.tls.unanswered"}, any: true},
	{advice: "hint.protocol", got: []string{"got.upgrade.protocol", "got.upgrade.foreign"}, any: true},
	{advice: "hint.tls.server", got: []string{"got.upgrade.tls.server"}, any: true},
	{advice: "hint.proxy", got: []string{"got.upgrade.stripped"}, any: true},

	// Only one side's packets were captured.
	{advice: "hint.oneway.client", when: oneWay(dissect.Client)},
	{advice: "hint.oneway.server", when: oneWay(dissect.Server)},

	// TCP's handshake is not as expected.
	{advice: "hint.filter.bare", when: all(filtered, without(isBare))},
	{advice: "hint.filter.data", when: either(all(filtered, without(isData)), onlySYN)},
	{advice: "hint.late", got: []string{"got.handshake.late"}},
	{advice: "hint.oneway.server", got: []string{"got.handshake.server"}},
	{advice: "hint.lost", got: []string{"got.handshake.nosyn"}},
	{advice: "hint.ended", got: []string{"got.handshake.open"}, needsEnd: true},
	{advice: "hint.lost", got: []string{"got.handshake.lost"}},
	{advice: "hint.refused", got: []string{"got.handshake.refused"}},
	{advice: "hint.ended", got: []string{"got.handshake.unanswered"}, when: lastPacket, needsEnd: true},
	{advice: "hint.unanswered", got: []string{"got.handshake.unanswered"}, needsEnd: true},
	{advice: "hint.snaplen", steps: handshake, when: undecoded(dissect.ErrCut)},
	{advice: "hint.late", steps: handshake},

	// The upgrade is not.
	{advice: "hint.snaplen", got: []string{"got.cut"}},
	{advice: "hint.lost", got: []string{"got.upgrade.response", "got.upgrade.lost"}},
	{advice: "hint.upgrade", got: []string{"got.upgrade.none"}, needsEnd: true},
	{advice: "hint.ended", got: []string{"got.upgrade.unanswered"}, needsEnd: true},
	{advice: "hint.direct", got: []string{"got.upgrade.plain"}},
	{advice: "hint.origin", got: []string{"got.upgrade.status"}, when: answered(403)},
	{advice: "hint.full", got: []string{"got.upgrade.status"}, when: answered(503)},
	{advice: "hint.gateway", got: []string{"got.upgrade.status"}, when: either(answered(502), answered(504))},
	{advice: "hint.browser", got: []string{"got.upgrade.refused", "got.upgrade.granted"}},
	{advice: "hint.server", got: []string{"got.upgrade.status", "got.upgrade.headers", "got.upgrade.unknown", "got.upgrade.answer", "got.upgrade.closed"}},
	{advice: "hint.accept", got: []string{"got.upgrade.accept"}},
	{advice: "hint.deflate", got: []string{"got.upgrade.extension"}},

	// A message is not.
	{advice: "hint.snaplen", got: []string{"got.frame.cut"}, when: cutShort},
	{advice: "hint.lost", got: []string{"got.frame.cut"}},
	{advice: "hint.deflate", got: []string{"got.compressed"}},
	{advice: "hint.broken-server", steps: ofServer, got: brokenFrames, when: ended("note.left")},
	{advice: "hint.broken-frame", got: brokenFrames, when: byServer},
	{advice: "hint.altered", got: brokenFrames},
	{advice: "hint.contradiction", when: contradicted},
	{advice: "hint.contradiction", got: []string{"got.frame.unread"}, when: answeredNevertheless},
	{advice: "hint.server", steps: ofServer, got: []string{"got.frame.unread"}},
	{advice: "hint.unread", got: []string{"got.frame.unread"}},
	{advice: "hint.held", steps: []annotate.Step{annotate.SayBroadcast}, when: refused},
	{advice: "hint.nick.close", got: []string{"got.login"}, when: nickAlike},
	{advice: "hint.nick", got: []string{"got.login", "got.members", "got.login-broadcast"}, needsEnd: true},
	{advice: "hint.elsewhere", got: []string{"got.say.elsewhere", "got.say.nobody", "got.say.window"}},
	{advice: "hint.private", got: []string{"got.say.private"}},
	{advice: "hint.private", got: []string{"got.say-broadcast"}, when: passedToOne},
	{advice: "hint.message.close", got: []string{"got.say"}, when: messageAlike},
	{advice: "hint.message", got: []string{"got.say", "got.say-broadcast"}, needsEnd: true},
	{advice: "hint.notpassed", got: []string{"got.notpassed"}, needsEnd: true},

	// The conversation does not show the step.
	{advice: "hint.lost", steps: []annotate.Step{annotate.Upgrade, annotate.Login, annotate.Say}, when: gap(dissect.Client)},
	{advice: "hint.early", steps: []annotate.Step{annotate.SayBroadcast}, when: saidEarly},
	{advice: "hint.lost", steps: []annotate.Step{annotate.Members, annotate.LoginBroadcast, annotate.SayBroadcast}, when: gap(dissect.Server)},
	{advice: "hint.private", steps: []annotate.Step{annotate.SayBroadcast}, when: saidToOne},
	{advice: "hint.snaplen", when: short},
	{advice: "hint.omitted", steps: ofServer, when: laterFound},
	{advice: "hint.closed", when: byServer},
	{advice: "hint.left", steps: ofServer, when: ended("note.left")},
	{advice: "hint.ignored", steps: ofServer, when: wentOn},
	{advice: "hint.contradiction", steps: []annotate.Step{annotate.Login, annotate.Say}, when: answeredNevertheless},
	{advice: "hint.upgrade", steps: []annotate.Step{annotate.Upgrade}, needsEnd: true},
	{advice: "hint.login", steps: []annotate.Step{annotate.Login}, needsEnd: true},
	{advice: "hint.say", steps: []annotate.Step{annotate.Say}, needsEnd: true},
	{advice: "hint.answer", needsEnd: true},
}

var brokenFrames = []string{"got.frame.breaks", "got.frame.broken", "got.frame.none", "got.frame.length"}

var byServer = ended("note.closed", "note.closed.reason", "note.ended")

var ofServer = []annotate.Step{annotate.Members, annotate.LoginBroadcast, annotate.SayBroadcast}

var handshake = []annotate.Step{annotate.Handshake}
