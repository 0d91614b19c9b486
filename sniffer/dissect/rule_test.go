package dissect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/capture/capturetest"
	"chatlab/sniffer/tcp"
)

// sent makes a frame with a header of any kind.
func sent(first byte, masked bool, length ...byte) func(text string) string {
	return func(text string) string {
		key := [4]byte{1, 2, 3, 4}
		b := []byte{first}
		if len(length) == 0 {
			length = []byte{byte(len(text))}
		}
		b = append(b, length...)
		payload := []byte(text)
		if masked {
			b[1] |= 0x80
			b = append(b, key[:]...)
			Mask(payload, key, 0)
		}
		return string(append(b, payload...))
	}
}

// brokenText describes the units of packets, with the rules that they break.
func brokenText(packets []capture.Packet) (lines []string, last *Conversation) {
	var tr Tracker
	for i := range packets {
		e := add(&tr, &packets[i])
		if e == nil {
			continue
		}
		last = e.Conversation
		for _, u := range e.Units {
			if !u.IsFrame() {
				continue
			}
			line := fmt.Sprintf("%d %c %v %q", i, "cs"[u.From], u.Frame.Opcode, u.Frame.Payload)
			if (u.Kind == BrokenUnit) != (u.Frame.Broken != Unbroken) || u.Kind == BrokenUnit && u.Frame.Message != nil {
				line += " WRONG KIND"
			}
			if u.Frame.Broken != Unbroken {
				line += " " + u.Frame.Broken.String()
			}
			if u.Frame.Fits > 0 {
				line += fmt.Sprint(" fits ", u.Frame.Fits)
			}
			lines = append(lines, line)
		}
	}
	return lines, last
}

// A frame that breaks a rule is given with it, and so is what follows, as long as
// anybody knows where that begins.
func TestBrokenFrames(t *testing.T) {
	text := func(n int) string { return strings.Repeat("x", n) }
	good := map[Side]string{Client: masked(true, Text, "good"), Server: plain(true, Text, "good")}
	for _, tt := range []struct {
		rule    Rule
		from    Side
		data    []string // segments; "" is a good frame of the same side
		payload string   // of the broken frame
	}{
		{Unmasked, Client, []string{plain(true, Text, "hi"), ""}, `text "hi"`},
		{Unmasked, Client, []string{good[Client] + plain(true, Text, "hi")}, `text "hi"`},
		{Unmasked, Client, []string{plain(true, Text, "hi") + good[Client]}, `text "hi"`},
		{Unmasked, Client, []string{plain(true, Text, text(2000))[:1000], plain(true, Text, text(2000))[1000:], ""}, `text "` + text(2000) + `"`},
		{MaskedByServer, Server, []string{masked(true, Text, "hi"), ""}, `text "hi"`},
		{MaskedByServer, Server, []string{masked(true, Ping, ""), ""}, `ping ""`},
		{ReservedBits, Client, []string{sent(0xc1, true)("hi"), ""}, `text "hi"`},
		{ReservedBits, Server, []string{sent(0xa1, false)("hi"), ""}, `text "hi"`},
		{ReservedBits, Server, []string{sent(0x91, false)("hi"), ""}, `text "hi"`},
		{ReservedOpcode, Client, []string{sent(0x83, true)("hi"), ""}, `reserved 0x3 "hi"`},
		{ReservedOpcode, Server, []string{sent(0x8b, false)("hi"), ""}, `reserved 0xB "hi"`},
		{LongControl, Client, []string{sent(0x89, true, 126, 0, 126)(text(126)), ""}, `ping "` + text(126) + `"`},
		{FragmentedControl, Server, []string{sent(0x09, false)("hi"), ""}, `ping "hi"`},
		{LengthNotShortest, Server, []string{sent(0x81, false, 126, 0, 2)("hi"), ""}, `text "hi"`},
		{LengthNotShortest, Client, []string{sent(0x81, true, 127, 0, 0, 0, 0, 0, 0, 0, 2)("hi"), ""}, `text "hi"`},
		{StrayContinuation, Client, []string{masked(true, Continuation, "hi"), ""}, `continuation "hi"`},
		{StrayContinuation, Server, []string{"", plain(false, Continuation, "hi"), ""}, `continuation "hi"`},
		{NotUTF8, Client, []string{masked(true, Text, "hi\xff"), ""}, `text "hi\xff"`},
		{NotUTF8, Server, []string{plain(false, Text, "h\xe7") + plain(true, Continuation, "i"), ""}, `continuation "i"`},
		{NotUTF8, Server, []string{plain(true, Close, "\x03\xe8\xff"), ""}, `close "\x03\xe8\xff"`},
		{ShortClose, Server, []string{plain(true, Close, "\x03"), ""}, `close "\x03"`},
		{BadCloseCode, Client, []string{masked(true, Close, "\x03\xee"), ""}, `close "\x03\xee"`},
		{BadCloseCode, Server, []string{plain(true, Close, "\x00\x01bye"), ""}, `close "\x00\x01bye"`},
		{LengthTooLarge, Client, []string{sent(0x81, true, 127, 0x80, 0, 0, 0, 0, 0, 0, 2)("hi"), ""}, `text ""`},
		{NoHeader, Client, []string{"hello, this is a text\n", ""}, `close ""`},
		{NoHeader, Server, []string{good[Server] + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", ""}, `reserved 0xF ""`},
	} {
		w := newWire(t)
		w.upgrade()
		goods := 0
		for _, data := range tt.data {
			if data == "" {
				data = good[tt.from]
			}
			if tt.rule.Ends() {
				if strings.HasPrefix(data, good[tt.from]) && goods == 0 && data != good[tt.from] {
					goods++
				}
			} else {
				goods += strings.Count(data, good[tt.from])
			}
			w.send(tt.from, tcp.PSH|tcp.ACK, data)
		}
		lines, c := brokenText(w.packets)
		broken := 0
		for _, line := range lines {
			_, what, _ := strings.Cut(line, " ")
			switch what = what[2:]; {
			case what == `text "good"`:
				goods--
			case what == tt.payload+" "+tt.rule.String() || strings.HasPrefix(what, tt.payload+" "+tt.rule.String()+" fits"):
				broken++
			case strings.HasPrefix(what, `text "h\xe7"`):
			default:
				t.Errorf("%v: %s", tt.rule, line)
			}
		}
		if broken != 1 || goods != 0 {
			t.Errorf("%v: %d broken, %d good frames lack of\n%s", tt.rule, broken, goods, strings.Join(lines, "\n"))
		}
		if ends := c.Unframed(tt.from); ends != tt.rule.Ends() {
			t.Errorf("%v: unframed %v", tt.rule, ends)
		}
	}
}

// Where the place was found again after a loss, bytes that are no header show that it
// was not the place.
func TestNoHeaderWhereThePlaceWasFound(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Binary, strings.Repeat("x", 3000))) // lost
	w.send(Client, tcp.ACK, "")
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "found"))
	w.send(Server, tcp.PSH|tcp.ACK, "\xff\xff, and this is no header")
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "found again"))
	lines, c := brokenText(slices.Delete(w.packets, 7, 8))
	if c.Unframed(Server) || len(lines) != 2 {
		t.Errorf("unframed %v, %q", unframed, lines)
	}
}

// A side that never masks is read on, wherever its segments end.
func TestBrokenFramesAcrossSegments(t *testing.T) {
	all := strings.Repeat(plain(true, Text, "one")+plain(true, Text, "a longer one"), 5)
	for n := 1; n < len(all); n++ {
		w := newWire(t)
		w.upgrade()
		w.send(Client, tcp.PSH|tcp.ACK, plain(true, Text, "the first"))
		for rest := all; rest != ""; rest = rest[min(n, len(rest)):] {
			w.send(Client, tcp.PSH|tcp.ACK, rest[:min(n, len(rest))])
		}
		lines, c := brokenText(w.packets)
		if len(lines) != 11 || c.Unframed(Client) {
			t.Fatalf("in segments of %d: unframed %v\n%s", n, unframed, strings.Join(lines, "\n"))
		}
	}
}

// A fragment that another message interrupts is no fault of the other message's end.
func TestInterruptedMessage(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	w.send(Client, tcp.PSH|tcp.ACK, masked(false, Text, "one"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Ping, "p"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "two"))
	w.send(Client, tcp.PSH|tcp.ACK, masked(true, Continuation, "three"))
	want := []string{`7 c text "one"`, `8 c ping "p"`, `9 c text "two" interrupted-message`, `10 c continuation "three" stray-continuation`}
	if got, _ := brokenText(w.packets); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// A reserved bit is no fault where the server granted an extension that uses it, or
// may have.
func TestReservedBitsOfExtensions(t *testing.T) {
	for _, tt := range []struct {
		extensions string
		first      byte
		broken     bool
	}{
		{"", 0xc1, true}, {"permessage-deflate", 0xc1, false}, {"permessage-deflate; client_no_context_takeover", 0x41, false},
		{"permessage-deflate", 0xa1, true}, {"permessage-deflate", 0xc0, true}, {"permessage-deflate", 0xc9, true}, {"other", 0xb1, false},
		{"lost", 0xc1, false}, {"lost", 0xa1, true},
	} {
		w := newWire(t)
		w.open()
		w.send(Client, tcp.PSH|tcp.ACK, upgradeRequest)
		w.send(Server, tcp.PSH|tcp.ACK, strings.Replace(upgradeResponse, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: "+tt.extensions+"\r\n\r\n", 1))
		if tt.extensions == "lost" {
			w.packets = w.packets[:len(w.packets)-1]
		}
		w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "good"))
		w.send(Client, tcp.PSH|tcp.ACK, sent(tt.first, true)("hi"))
		got, _ := brokenText(w.packets)
		if len(got) != 2 || strings.Contains(got[1], ReservedBits.String()) != tt.broken {
			t.Errorf("%q, %#x: %q", tt.extensions, tt.first, got)
		}
	}
}

// Where no handshake was captured a broken frame is no evidence: it refuses the guess.
func TestBrokenFrameOfAGuess(t *testing.T) {
	for _, bad := range []string{plain(true, Text, "not masked"), sent(0xa1, true)("hi"), sent(0x83, true)("hi"), sent(0x81, true, 126, 0, 2)("hi"), masked(true, Text, "hi\xff")} {
		w := newWire(t)
		w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello everybody"))
		w.send(Client, tcp.PSH|tcp.ACK, bad)
		var tr Tracker
		add(&tr, &w.packets[0])
		if e := add(&tr, &w.packets[1]); !e.Withdrawn || len(e.Units) > 0 {
			t.Errorf("%q: %+v", bad, e)
		}
	}
}

// A length that is wrong is told of where it shows, with one that would fit.
func TestWrongLength(t *testing.T) {
	frame := func(length byte, text string) string { return sent(0x81, true, length)(text) }
	say := "an unusual message, of 41 bytes of text\xc3\xa9"
	for _, tt := range []struct {
		name string
		data []string
		want []string
		came uint64
	}{
		{"too long, the last one", []string{frame(46, say)}, nil, 41},
		{"too long, in two segments", []string{frame(46, say)[:20], frame(46, say)[20:]}, nil, 41},
		{"too long, another follows", []string{frame(46, say), frame(41, say)}, []string{
			"8 c text \"an unusual message, of 41 bytes of texté", "8 c reserved 0x4 \"\" no-header fits 41"}, 0},
		{"too short", []string{frame(36, say)}, []string{"7 c text", "7 c reserved 0x4 \"\" no-header fits 41"}, 0},
		{"far too long", []string{sent(0x81, true, 127, 0x80, 0, 0, 0, 0, 0, 0, 41)(say)}, []string{"7 c text \"\" length-too-large fits 41"}, 0},
		{"right", []string{frame(41, say)}, []string{"7 c text"}, 0},
	} {
		w := newWire(t)
		w.upgrade()
		for i, data := range tt.data {
			flags := tcp.PSH | tcp.ACK
			if i+1 < len(tt.data) && !strings.HasPrefix(tt.data[i+1], "\x81") {
				flags = tcp.ACK
			}
			w.send(Client, flags, data)
		}
		lines, c := brokenText(w.packets)
		ok := len(lines) == len(tt.want)
		for i := range lines {
			ok = ok && strings.HasPrefix(lines[i], tt.want[i])
		}
		u, came, unfinished := c.Unfinished(Client)
		if !ok || unfinished != (tt.came > 0) || came != tt.came || u.Frame.Fits != 0 {
			t.Errorf("%s: %q, unfinished %v: %d bytes, %+v", tt.name, lines, unfinished, came, u)
		}
		// The server has acknowledged all, and answers.
		w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "an answer"))
		_, c = brokenText(w.packets)
		if u, came, _ := c.Unfinished(Client); u.Frame.Fits != tt.came || came != tt.came || tt.came > 0 && (u.Start != 154 || u.End != 154+6+46) {
			t.Errorf("%s, answered: %d bytes, %+v", tt.name, came, u)
		}
	}
}

// Where bytes of a frame are missing in the capture, what came of it says nothing about
// its length.
func TestLengthBesideLoss(t *testing.T) {
	w := newWire(t)
	w.upgrade()
	frame := sent(0x81, true, 46)("an unusual message, of 41 bytes of text\xc3\xa9")
	for i, part := range []string{frame[:20], frame[20:30], frame[30:]} {
		w.send(Client, []tcp.Flags{tcp.ACK, tcp.ACK, tcp.PSH | tcp.ACK}[i], part)
	}
	w.packets = slices.Delete(w.packets, len(w.packets)-2, len(w.packets)-1)
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "an answer"))
	w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "another"))
	_, c := brokenText(w.packets)
	if u, came, ok := c.Unfinished(Client); !ok || came != 41 || u.Frame.Fits != 0 {
		t.Errorf("%d bytes, %v, %+v", came, ok, u)
	}
}

// cases are captures of clients that break rules.
func TestCapturesOfBrokenFrames(t *testing.T) {
	for file, want := range map[string][]string{
		"cv_unmasked_client.pcap":     {`7 c text`, `8 s close "\x03\xea"`},
		"unmasked.pcap":               {`7 c text "{\"type\":\"login\",\"client_name\":\"mynick\",\"room_id\":1}" unmasked`, `9 s close`},
		"90-edit-unmasked-login.pcap": {`17 c text "{\"type\":\"login\",\"client_name\":\"mynick\",\"room_id\":1}    " unmasked`},
	} {
		lines, _ := brokenText(capturetest.Read(t, "testdata/"+file))
		for _, w := range want {
			if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, w) }) {
				t.Errorf("%s: no %s in\n%s", file, w, strings.Join(lines, "\n"))
			}
		}
	}
	var tr Tracker
	fits := map[uint16]uint64{}
	packets := capturetest.Read(t, "testdata/"+"90-edit-length.pcap")
	for i := range packets {
		e := add(&tr, &packets[i])
		if u, came, ok := e.Conversation.Unfinished(Client); ok && u.Frame.Fits == came && u.Frame.Length == came+5 {
			fits[e.Conversation.Client.Port()] = u.Frame.Fits
		}
	}
	if len(fits) != 2 || fits[41846] != 87 || fits[53718] != 89 {
		t.Errorf("lengths that would fit: %v", fits)
	}
}
