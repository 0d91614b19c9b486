package annotate

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"unicode"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

func talk() *dissect.Conversation {
	return &dissect.Conversation{
		Client: netip.MustParseAddrPort("10.0.0.2:50000"), Server: netip.MustParseAddrPort("10.0.0.1:7272"),
		Started: true, WebSocket: true, Key: "dGhlIHNhbXBsZSBub25jZQ==",
	}
}

// frame is a segment that carries one text message.
func frame(c *dissect.Conversation, from dissect.Side, text string) *dissect.Event {
	head := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: from == dissect.Client, Length: uint64(len(text)), Size: 6}
	return &dissect.Event{
		Segment:      &dissect.Segment{Flags: tcp.PSH | tcp.ACK, Length: len(text) + head.Size},
		Conversation: c, From: from,
		Units: []dissect.Unit{{Kind: dissect.FrameUnit, From: from, Frame: dissect.Frame{
			FrameHeader: head, Payload: []byte(text), Message: []byte(text), MessageOpcode: dissect.Text}}},
	}
}

func TestCommentsOfChat(t *testing.T) {
	c, other := talk(), talk()
	var a Annotator
	for _, tt := range []struct {
		conversation *dissect.Conversation
		from         dissect.Side
		text         string
		step         Step
		want         string // in the English comment
	}{
		{c, dissect.Client, `{"type":"login","client_name":"alice","room_id":1}`, Login, "as “alice”"},
		{c, dissect.Server, `{"type":"login","client_id":"a1","client_name":"alice","time":"x","client_list":{"b2":"bob","a1":"alice"}}`, LoginBroadcast, "Tells alice that it has joined.\nSends the newcomer the list of members: bob, alice."},
		{other, dissect.Server, `{"type":"login","client_id":"a1","client_name":"alice","time":"x"}`, LoginBroadcast, "Tells browser (port 50000) that alice has joined."},
		{c, dissect.Client, `{"type":"say","to_client_id":"all","content":"a & b"}`, Say, "Says to everybody: “a & b”"},
		{c, dissect.Server, `{"type":"say","from_client_id":"a1","from_client_name":"alice","to_client_id":"all","content":"a &amp; b"}`, SayBroadcast, "The sender, too, gets its message: “a & b”"},
		{other, dissect.Server, `{"type":"say","from_client_id":"a1","from_client_name":"alice","to_client_id":"all","content":"a"}`, SayBroadcast, "Passes on what alice said: “a”"},
		{other, dissect.Server, `{"type":"say","from_client_id":"b2","to_client_id":"all","content":"a<br \/>\nb"}`, SayBroadcast, `Passes on what bob said: “a\nb”`},
		{c, dissect.Client, `{"type":"say","to_client_id":"b2","to_client_name":"x","content":"psst"}`, Say, "Says to bob alone: “psst”"},
		{c, dissect.Server, `{"type":"logout","from_client_id":"b2","from_client_name":"bob"}`, LogoutBroadcast, "Tells alice (port 50000) that bob has left."},
		{c, dissect.Server, `{"type":"refused","why":"paused","to_client_id":"all","content":"a &amp; b","time":"x"}`, Refusal, "“a & b” is not delivered: the chat is paused."},
		{c, dissect.Server, `{"type":"refused","why":"muted","to_client_id":"b2","content":"a","time":"x"}`, Refusal, "“a” is not delivered: whoever wrote it may not write at the moment."},
		{c, dissect.Server, `{"type":"refused","why":"odd","content":"a"}`, Refusal, "“a” is not delivered."},
		{c, dissect.Server, `{"type":"ping"}`, Heartbeat, "whether the client is still there"},
		{c, dissect.Client, `{"type":"pong"}`, Heartbeat, "The client is still there."},
		{c, dissect.Client, `{"type":"say","to_uid":77,"content":"x"}`, Say, "Says to somebody alone: “x”"},
		{c, dissect.Server, `{"type":"odd"}`, Other, `Text: {"type":"odd"}`},
		{c, dissect.Server, `{"type":"user_list","user_list":"none"}`, Other, "Text: {"},
		{c, dissect.Server, "not JSON", Other, "Text: not JSON"},
	} {
		comment := a.Add(frame(tt.conversation, tt.from, tt.text))
		got := strings.Join(comment.Lines(catalogue.English), "\n")
		if comment.Step != tt.step || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s\n%s", tt.text, comment.Step, got)
		}
	}
	if got := a.Add(frame(c, dissect.Client, "{}")).Client; got != (chat.Person{ID: "a1", Name: "alice"}) {
		t.Errorf("%+v speaks", got)
	}
}

func TestCommentsCannotDriveTerminal(t *testing.T) {
	var a Annotator
	c := talk()
	hostile := "{\"type\":\"login\",\"name\":\"a\\u001b[2Jb\\u202ec\\u0007\\r\\nd\\u0085e\"}"
	for _, e := range []*dissect.Event{frame(c, dissect.Client, hostile), frame(c, dissect.Server, "\x1b]0;title\x07 "+strings.Repeat("x", 5000))} {
		comment := a.Add(e)
		for _, lang := range catalogue.Langs {
			for _, line := range append(comment.Lines(lang), comment.Title(lang)) {
				if i := strings.IndexFunc(line, unicode.IsControl); i >= 0 || strings.ContainsRune(line, 0x202e) {
					t.Errorf("%q has a control character at %d", line, i)
				}
				if len(line) > 1000 {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		}
	}
	if got := a.connections[c].client.Name; !strings.Contains(quote(got), `a\u{1b}[2Jb\u{202e}c\u{7}\u{d}\nd\u{85}e`) {
		t.Errorf("got %s", quote(got))
	}
}

func TestCommentsOfHandshakeAnswer(t *testing.T) {
	for _, tt := range []struct {
		key  string
		ok   bool
		want string
	}{{"k", true, "is right"}, {"k", false, "is wrong"}, {"", false, "not checked"}} {
		c := talk()
		c.Key = tt.key
		e := &dissect.Event{Conversation: c, From: dissect.Server, Segment: &dissect.Segment{Length: 100, Flags: tcp.ACK},
			Units: []dissect.Unit{{Kind: dissect.ResponseUnit, From: dissect.Server, HTTP: &dissect.Head{
				Line: "HTTP/1.1 101 Switching Protocols", Fields: []dissect.Field{{Name: "Upgrade", Value: "websocket"}}, AcceptOK: tt.ok}}}}
		var a Annotator
		if got := strings.Join(a.Add(e).Lines(catalogue.English), "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestCommentsOfSegmentsThatCarryNothingNew(t *testing.T) {
	for _, tt := range []struct {
		event dissect.Event
		step  Step
		want  string
	}{
		{dissect.Event{Kind: dissect.Retransmission, Segment: &dissect.Segment{Flags: tcp.ACK, Length: 5}}, Other, "retransmission"},
		{dissect.Event{Kind: dissect.OutOfOrder, Segment: &dissect.Segment{Flags: tcp.ACK, Length: 5}}, Other, "bytes before these were not captured yet"},
		{dissect.Event{Kind: dissect.OutOfOrder, Late: true, Segment: &dissect.Segment{Flags: tcp.ACK, Length: 5}}, Other, "these counted as missing"},
		{dissect.Event{Kind: dissect.KeepAlive, Segment: &dissect.Segment{Flags: tcp.ACK}}, Other, "Keep-alive"},
		{dissect.Event{Kind: dissect.WindowProbe, Segment: &dissect.Segment{Flags: tcp.ACK}}, Other, "A probe"},
		{dissect.Event{Shut: true, Segment: &dissect.Segment{Flags: tcp.ACK}}, Other, "win 0"},
		{dissect.Event{Opened: true, Segment: &dissect.Segment{Flags: tcp.ACK}}, Other, "open again"},
		{dissect.Event{Kind: dissect.DuplicateACK, PrintedAck: 9, Segment: &dissect.Segment{Flags: tcp.ACK}}, Other, "Repeats ack 9"},
		{dissect.Event{Lost: 7, Segment: &dissect.Segment{Flags: tcp.ACK, Length: 5}}, Other, "7 bytes before these are missing"},
		{dissect.Event{Segment: &dissect.Segment{Flags: tcp.ACK | tcp.FIN}}, Closing, "FIN"},
		{dissect.Event{Segment: &dissect.Segment{Flags: tcp.RST}}, Closing, "RST"},
	} {
		tt.event.Conversation = talk()
		var a Annotator
		comment := a.Add(&tt.event)
		if got := strings.Join(comment.Lines(catalogue.English), "\n"); comment.Step != tt.step || !strings.Contains(got, tt.want) {
			t.Errorf("got %s: %s, want %s", comment.Step, got, tt.want)
		}
	}
}

// Every text is said, and keys that are put together have theirs, whatever they are put together
// from: a step of a message, a step of any frame, an opcode.
func TestKeys(t *testing.T) {
	steps := cataloguetest.Constants(t, ".", "Step", string(Other), string(Handshake), string(Upgrade))
	var opcodes []string
	for o := range dissect.Opcode(16) {
		key := opcodeName(o).Key()
		opcodes = append(opcodes, strings.TrimPrefix(key, "opcode."))
		if _, ok := texts.Sources(catalogue.English)[key]; !ok {
			t.Errorf("no text for opcode %d", o)
		}
	}
	var rules []string
	for _, r := range dissect.Rules() {
		rules = append(rules, r.String())
	}
	var reasons []string
	for _, r := range dissect.Reasons() {
		reasons = append(reasons, r.String())
	}
	cataloguetest.Keys(t, texts, map[string][]string{"step.": steps, "what.": steps, "opcode.": opcodes, "rule.": rules, "reason.": reasons}, ".")
}

// Every frame that may come, and its acknowledgement, is said in every language.
func TestEveryFrameIsAcknowledgedInWords(t *testing.T) {
	for o := range dissect.Opcode(16) {
		said := []string{"", "\x03\xe8bye", `{"type":"login"}`, `{"type":"say"}`, `{"type":"user_list"}`, `{"type":"logout"}`, `{"type":"ping"}`, `{"type":"pong"}`, `{"type":"x"}`}
		if o != dissect.Text {
			said = said[:3]
		}
		for _, text := range said {
			for _, from := range []dissect.Side{dissect.Client, dissect.Server} {
				for n := range 16 * (len(dissect.Rules()) + 1) {
					c := talk()
					e := frame(c, from, text)
					u := &e.Units[0]
					if u.Frame.Broken = dissect.Rule(n / 16); u.Frame.Broken != dissect.Unbroken {
						u.Kind, u.Frame.Message, u.Frame.Fits = dissect.BrokenUnit, nil, uint64(n%3)
					}
					u.Frame.Opcode, u.Frame.Fin, u.Frame.Cut, u.Frame.RSV, u.Guess = o, n&1 == 0, n&2 != 0, uint8(n&4), n&8 != 0
					ack := &dissect.Event{Conversation: c, From: from.Other(), RelAck: 9, Acked: e.Units, Segment: &dissect.Segment{Flags: tcp.ACK}}
					var a Annotator
					for _, comment := range []*Comment{a.Add(e), a.Add(ack)} {
						for _, lang := range catalogue.Langs {
							if got := comment.Title(lang) + strings.Join(comment.Lines(lang), " "); strings.ContainsAny(got, "[") || got == "" {
								t.Errorf("%s: %s", lang, got)
							}
						}
					}
				}
			}
		}
	}
}

// What a comment says is true of the segment that it is said of.
func TestCommentsSayWhatIsThere(t *testing.T) {
	const all = tcp.SYN | tcp.ACK
	upgrade := func(key string) []dissect.Unit {
		h := &dissect.Head{Line: "GET / HTTP/1.1", Fields: []dissect.Field{{Name: "Host", Value: "h"},
			{Name: "Upgrade", Value: "websocket"}, {Name: "Connection", Value: "Upgrade"}, {Name: "Sec-WebSocket-Version", Value: "13"}}}
		if key != "none" {
			h.Fields = append(h.Fields, dissect.Field{Name: "Sec-WebSocket-Key", Value: key})
		}
		return []dissect.Unit{{Kind: dissect.RequestUnit, HTTP: h}}
	}
	closing := func(payload string) []dissect.Unit {
		return []dissect.Unit{{Kind: dissect.FrameUnit, From: dissect.Server, Frame: dissect.Frame{
			FrameHeader: dissect.FrameHeader{Fin: true, Opcode: dissect.Close, Length: uint64(len(payload)), Size: 2}, Payload: []byte(payload)}}}
	}
	scale := []byte{3, 3, 7}
	for _, tt := range []struct {
		name      string
		event     dissect.Event
		want, not string
	}{
		{"a SYN's scale is an offer", dissect.Event{Kind: dissect.HandshakeSYN, Segment: &dissect.Segment{Flags: tcp.SYN, Options: scale}}, "offers to count", "wscale 7: its later"},
		{"a SYN+ACK's is not", dissect.Event{Kind: dissect.HandshakeSYNACK, Segment: &dissect.Segment{Flags: all, Options: scale}}, "wscale 7: its later", "offers"},
		{"a SYN alone", dissect.Event{Kind: dissect.HandshakeSYN, Segment: &dissect.Segment{Flags: tcp.SYN}}, "No data yet", "Fast Open"},
		{"a SYN with data", dissect.Event{Kind: dissect.HandshakeSYN, Segment: &dissect.Segment{Flags: tcp.SYN, Length: 5}}, "5 bytes of data come along", "No data"},
		{"a SYN again", dissect.Event{Kind: dissect.Retransmission, Segment: &dissect.Segment{Flags: tcp.SYN}}, "TCP handshake 1/3", "Acknowledgement"},
		{"a SYN+ACK again", dissect.Event{Kind: dissect.Retransmission, Segment: &dissect.Segment{Flags: all}}, "TCP handshake 2/3", "these bytes"},
		{"the third of three", dissect.Event{Kind: dissect.HandshakeACK, PrintedAck: 1, Segment: &dissect.Segment{Flags: tcp.ACK}}, "ack 1 means", "\x00"},
		{"the third, its line absolute", dissect.Event{Kind: dissect.HandshakeACK, PrintedAck: 692696455, Segment: &dissect.Segment{Flags: tcp.ACK}}, "the connection is open", "ack 1"},
		{"a key", dissect.Event{Units: upgrade("zPDr6m4czzUdOFnsxIUEAw=="), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 1}}, "16 random bytes", "not 16"},
		{"no key", dissect.Event{Units: upgrade("none"), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 1}}, "there is no Sec-WebSocket-Key", "random"},
		{"a short key", dissect.Event{Units: upgrade("YWJj"), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 1}}, "not 16 bytes", "random"},
		{"a key that is no Base64", dissect.Event{Units: upgrade("zPDr6m4czzUdOFnsxIUEA!=="), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 1}}, "not 16 bytes", "random"},
		{"a close code", dissect.Event{From: dissect.Server, Units: closing("\x03\xe8"), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 4}}, "Close code 1000", "1005"},
		{"no close code", dissect.Event{From: dissect.Server, Units: closing(""), Segment: &dissect.Segment{Flags: tcp.ACK, Length: 2}}, "carries no code", "1005"},
		{"a reset", dissect.Event{From: dissect.Server, RelAck: 1, Segment: &dissect.Segment{Flags: tcp.RST | tcp.ACK, Seq: 77}}, "what was under way is lost", "refused"},
		{"a refusal", dissect.Event{From: dissect.Server, RelAck: 1, Segment: &dissect.Segment{Flags: tcp.RST | tcp.ACK}}, "the connection is refused", "lost"},
	} {
		tt.event.Conversation = talk()
		var a Annotator
		c := a.Add(&tt.event)
		got := c.Title(catalogue.English) + "\n" + strings.Join(c.Lines(catalogue.English), "\n")
		if !strings.Contains(got, tt.want) || strings.Contains(got, tt.not) {
			t.Errorf("%s: want %q and not %q in\n%s", tt.name, tt.want, tt.not, got)
		}
	}
}

// The packet behind the server's close frame acknowledges a close frame.
func TestCloseFrameIsAcknowledged(t *testing.T) {
	c := talk()
	e := frame(c, dissect.Server, "\x03\xe8")
	e.Units[0].Frame.Opcode = dissect.Close
	var a Annotator
	a.Add(e)
	ack := &dissect.Event{Conversation: c, From: dissect.Client, PrintedAck: 134, Acked: e.Units, Segment: &dissect.Segment{Flags: tcp.ACK}}
	comment := a.Add(ack)
	for lang, want := range map[catalogue.Lang]string{
		catalogue.English: "Acknowledges the close frame. ack 134:",
		catalogue.French:  "Acquitte la trame de fermeture. ack 134\u00a0:",
		catalogue.Chinese: "关闭帧",
	} {
		if got := strings.Join(comment.Lines(lang), " "); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A SYN that echoes a timestamp is told what follows from that, as far as it does.
func TestCommentsOfSYNThatEchoes(t *testing.T) {
	const mss16396, mss12, mss512 = "\x02\x04\x40\x0c", "\x02\x04\x00\x0c", "\x02\x04\x02\x00"
	stamps := func(val, ecr uint32) string {
		return string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{8, 10}, val), ecr))
	}
	documented := stamps(28679666, 28679554)
	for _, tt := range []struct {
		name                string
		options             string
		window              uint16
		kind                dissect.Kind
		far                 bool // the two sides are two machines
		echo, age, multiple bool // what is said
	}{
		{"the documented one", mss16396 + documented, 32768, dissect.HandshakeSYN, false, true, true, true},
		{"timestamps first", documented + mss16396, 32768, dissect.HandshakeSYN, false, true, true, true},
		{"nothing echoed", mss16396 + stamps(28679666, 0), 32768, dissect.HandshakeSYN, false, false, false, false},
		{"no timestamps", mss16396, 32768, dissect.HandshakeSYN, false, false, false, false},
		{"cut timestamps", mss16396 + documented[:8], 32768, dissect.HandshakeSYN, false, false, false, false},
		{"an answer", mss16396 + documented, 32768, dissect.HandshakeSYNACK, false, false, false, false},
		{"two clocks", mss16396 + documented, 32768, dissect.HandshakeSYN, true, true, false, true},
		{"newer than its own", mss16396 + stamps(28679554, 28679666), 32768, dissect.HandshakeSYN, false, true, false, true},
		{"the same as its own", mss16396 + stamps(5, 5), 32768, dissect.HandshakeSYN, false, true, false, true},
		{"past the clock's end", mss16396 + stamps(56, 4294967240), 32768, dissect.HandshakeSYN, false, true, true, true},
		{"no mss", documented, 32768, dissect.HandshakeSYN, false, true, true, false},
		{"an mss of the option's size", mss12 + documented, 32768, dissect.HandshakeSYN, false, true, true, false},
		{"an mss so small that chance is likely", mss512 + documented, 5000, dissect.HandshakeSYN, false, true, true, false},
		{"another window", mss16396 + documented, 65535, dissect.HandshakeSYN, false, true, true, false},
		{"a window of whole mss", mss16396 + documented, 32792, dissect.HandshakeSYN, false, true, true, false},
		{"no window", mss16396 + documented, 0, dissect.HandshakeSYN, false, true, true, false},
	} {
		c := talk()
		if !tt.far {
			c.Client = netip.AddrPortFrom(c.Server.Addr(), 50000)
		}
		var a Annotator
		comment := a.Add(&dissect.Event{Conversation: c, Kind: tt.kind,
			Segment: &dissect.Segment{Flags: tcp.SYN, Window: tt.window, Options: []byte(tt.options)}})
		for lang, want := range map[catalogue.Lang][3]string{
			catalogue.English: {"nothing to echo", "112 ticks older", "win 32768 is 2 × (16396 − 12)."},
			catalogue.French:  {"rien à renvoyer", "de 112 tics", "win 32768 vaut 2 × (16396 − 12)."},
			catalogue.Chinese: {"没有可回显", "早 112 个", "win 32768 即 2 ×（16396 − 12）。"},
		} {
			got := strings.Join(comment.Lines(lang), "\n")
			for i, said := range []bool{tt.echo, tt.age, tt.multiple} {
				if strings.Contains(got, want[i]) != said {
					t.Errorf("%s: %q said is %v, in\n%s", tt.name, want[i], !said, got)
				}
			}
			if !tt.multiple && strings.Contains(got, "−") {
				t.Errorf("%s: calculates in\n%s", tt.name, got)
			}
			if !tt.age && strings.Contains(got, " val") {
				t.Errorf("%s: has an age in\n%s", tt.name, got)
			}
		}
	}
}
