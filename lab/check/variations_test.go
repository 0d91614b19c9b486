package check

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/dissect/linktest"
	"chatlab/sniffer/tcp"
)

const (
	client = dissect.Client
	server = dissect.Server
)

// marks are the statuses in the order of the steps: = found, ! different, -
// missing.
func marks(r *Report) string {
	var b strings.Builder
	for _, s := range r.Steps {
		b.WriteString(map[steps.Status]string{steps.Found: "=", steps.Different: "!", steps.Missing: "-"}[s.Status])
	}
	return b.String()
}

// reasons counts the packets of the conversation by kind and reason.
func reasons(r *Report) map[string]int {
	n := map[string]int{}
	for _, v := range r.Packets {
		n[string(v.Kind)+" "+v.Reason.Key()]++
	}
	return n
}

func checked(packets []capture.Packet, t steps.Task) *Report {
	var c evidence.Capture
	for i := range packets {
		c.Add(&packets[i])
	}
	return Capture(&c, t)
}

// step gives the step of that name.
func (r *Report) step(id annotate.Step) *steps.Step {
	return &r.Steps[slices.IndexFunc(r.Steps, func(s steps.Step) bool { return s.ID == id })]
}

// messages are what is said of steps.
func messages(all []steps.Step) (said []catalogue.Message) {
	for _, s := range all {
		said = append(append(said, s.Expected, s.Got), s.Notes...)
	}
	return said
}

// says fails unless steps of the report have those keys instead of what was
// expected, and its notes or theirs say these.
func says(t *testing.T, name string, r *Report, got, notes []string) {
	t.Helper()
	var gots []string
	said := keys(r.Notes)
	for _, s := range r.Steps {
		gots, said = append(gots, s.Got.Key()), append(said, keys(s.Notes)...)
	}
	for _, key := range got {
		if !slices.Contains(gots, key) {
			t.Errorf("%s: no step has %s: %q", name, key, gots)
		}
	}
	for _, key := range notes {
		if !slices.Contains(said, key) {
			t.Errorf("%s: no note says %s: %q", name, key, said)
		}
	}
}

func keys(messages []catalogue.Message) (all []string) {
	for _, m := range messages {
		all = append(all, m.Key())
	}
	return all
}

func describe(r *Report) string {
	var b strings.Builder
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "%s: %s %v, got %q\n", s.ID, s.Status, s.Packets, s.Got.In(catalogue.English))
	}
	fmt.Fprintf(&b, "%s: %s\n", r.Advice.Key(), r.Advice.In(catalogue.English))
	for _, v := range r.Packets {
		fmt.Fprintf(&b, "%3d %2d %s: %s\n", v.Number, v.Documented, v.Kind, v.Reason.In(catalogue.English))
	}
	return b.String()
}

// played makes the packets of one performance.
func played(t testing.TB, c checktest.Cast) []capture.Packet {
	s := checktest.New(t)
	s.Play(c)
	return s.Packets
}

var variations = []struct {
	name   string
	make   func(t testing.TB) []capture.Packet
	o      steps.Task
	want   string
	advice string   // its key
	got    []string // keys of what steps have instead
	notes  []string // keys that must be among the notes of steps and report
	alone  bool
	why    []string // that must be among the packets' kinds and reasons
	noise  []string // keys that must be among the noise's reasons
}{
	{name: "2014", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{}) }, want: "=======",
		why: []string{"allowed why.ack.own"}},
	{name: "today", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Today: true}) }, want: "======="},
	{name: "PHP original, Chrome", make: func(t testing.TB) []capture.Packet {
		return played(t, checktest.Cast{Today: true, PHP: true, Browser: checktest.Chrome})
	}, want: "======="},
	{name: "PHP original, name escaped twice",
		make: func(t testing.TB) []capture.Packet {
			return played(t, checktest.Cast{Today: true, PHP: true, Nick: `<b>"é" & 'co'`, Message: "1 < 2 & 3 > \"2\" 'q'"})
		},
		o: steps.Task{Nick: `<b>"é" & 'co'`, Message: "1 < 2 & 3 > \"2\" 'q'"}, want: "======="},
	{name: "one space typed", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Message: "hi, all !"}) }, want: "======="},
	{name: "no second browser", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Alone: true}) }, want: "=======", alone: true},
	{name: "no second browser, today", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Alone: true, Today: true}) }, want: "=======", alone: true},
	{name: "second browser in another room", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true, Apart: true}
		_, other := s.Play(c)
		other.Say(server, `{"type":"ping"}`)
		return s.Packets
	}, want: "=======", alone: true, noise: []string{"noise.conversations"}},
	{name: "the second browser does not hear", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		_, other := s.Play(checktest.Cast{Today: true, Apart: true})
		other.Say(server, `{"type":"ping"}`)
		for i := range s.Packets { // both say room 1
			fixRoom(&s.Packets[i])
		}
		return s.Packets
	}, want: "====!=!", advice: "hint.notpassed"},
	{name: "the newcomer goes to another room and speaks there", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true, Nick: "猪猪"}
		other, n := s.Conn(60584), s.Conn(60653)
		s.Enter(other, c)
		s.Login(other, nil, "猪猪", 1, c)
		s.Enter(n, c)
		s.Login(n, other, "mynick", 1, c)
		s.Login(n, nil, "mynick", 2, c)
		s.Speak(n, nil, "mynick", "hi, all !", c)
		s.Speak(other, nil, "猪猪", "still here", c)
		return s.Packets
	}, want: "=======", alone: true},
	{name: "another logs in while the message is passed on", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		other, n := s.Conn(60584), s.Conn(60653)
		s.Enter(other, c)
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		other.Say(client, `{"type":"login","client_name":"bob","room_id":1}`)
		s.Speak(n, nil, "mynick", "hi, all !", c)
		other.Say(server, `{"type":"login","client_id":"7f","client_name":"bob","client_list":{"7f":"bob"}}`)
		return s.Packets
	}, want: "=======", alone: true},
	{name: "any, SLL", make: func(t testing.TB) []capture.Packet { return linked(t, capture.LinuxSLL, false) }, want: "======="},
	{name: "any, SLL2", make: func(t testing.TB) []capture.Packet { return linked(t, capture.LinuxSLL2, false) }, want: "======="},
	{name: "raw IP", make: func(t testing.TB) []capture.Packet { return linked(t, capture.Raw, false) }, want: "======="},
	{name: "IPv6", make: func(t testing.TB) []capture.Packet { return linked(t, capture.Ethernet, true) }, want: "======="},
	{name: "IPv6 on any", make: func(t testing.TB) []capture.Packet { return linked(t, capture.LinuxSLL2, true) }, want: "======="},
	{name: "another client port", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Port: 1025}) }, want: "======="},
	{name: "noise", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		web := &checktest.Conn{S: s, Ports: [2]uint16{40000, 55151}, Seq: [2]uint32{1, 2}}
		web.Open()
		web.Data(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		stranger := s.Conn(50000)
		s.Enter(stranger, checktest.Cast{})
		s.Login(stranger, nil, "stranger", 1, checktest.Cast{})
		s.UDP("dns?")
		n, o := s.Play(checktest.Cast{})
		o.Say(client, `{"type":"say","to_uid":"all","content":"later"}`)
		o.Say(server, `{"type":"say","from_uid":783760584,"to_uid":"all","content":"later","time":"2014-08-12 :51:02"}`)
		n.Say(server, `{"type":"say","from_uid":783760584,"to_uid":"all","content":"later","time":"2014-08-12 :51:02"}`)
		s.UDP("dns!")
		return s.Packets
	}, want: "=======", why: []string{"noise why.say.other"}, noise: []string{"noise.conversations", "noise.ports", "noise.foreign"}},
	{name: "heartbeats", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n, _ := s.Play(checktest.Cast{Today: true, PHP: true})
		s.Pass(10 * time.Second)
		n.Say(server, `{"type":"ping"}`)
		n.Say(client, `{"type":"pong"}`)
		n.Segment(client, tcp.FIN|tcp.ACK, "")
		n.Segment(server, tcp.FIN|tcp.ACK, "")
		n.Ack(client)
		return s.Packets
	}, want: "=======", why: []string{"noise why.heartbeat", "noise why.closing", "noise why.ack.noise"}},
	{name: "each packet twice", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.Link = capture.LinuxSLL2
		s.Play(checktest.Cast{})
		var all []capture.Packet
		for _, p := range s.Packets {
			out := p
			out.Data = slices.Clone(p.Data)
			out.Data[10] = 4 // PACKET_OUTGOING
			p.Time = p.Time.Add(3 * time.Microsecond)
			all = append(all, out, p)
		}
		return all
	}, want: "=======", why: []string{"allowed why.duplicate"}},
	{name: "retransmissions", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.Play(checktest.Cast{})
		var all []capture.Packet
		for _, p := range s.Packets {
			var segment dissect.Segment
			if err := segment.Decode(&p); err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
			if segment.Length > 0 {
				again := p
				again.Time = again.Time.Add(200 * time.Millisecond)
				again.Data = slices.Clone(p.Data)
				again.Data[14+5]++ // the IP id
				all = append(all, again)
			}
		}
		return all
	}, want: "=======", why: []string{"allowed why.retransmission"}},
	{name: "out of order", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{MSS: 20})
		for i := 0; i+1 < len(packets); i++ {
			var a, b dissect.Segment
			if a.Decode(&packets[i]) == nil && b.Decode(&packets[i+1]) == nil && a.Src == b.Src && a.Length > 0 && b.Length > 0 {
				packets[i], packets[i+1] = packets[i+1], packets[i]
				i++
			}
		}
		return packets
	}, want: "=======", why: []string{"allowed why.out-of-order", "allowed why.split"}},
	{name: "acknowledged, then captured the wrong way round", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true}) // 9 the list, 11 the login event
		list, event, ack := packets[9], packets[11], packets[12]
		packets[9], packets[11], packets[12] = ack, event, list
		return slices.Delete(packets, 10, 11)
	}, want: "=======", alone: true, why: []string{"allowed why.out-of-order"}},
	{name: "split segments", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{MSS: 10}) }, want: "=======", why: []string{"allowed why.split"}},
	{name: "merged acks", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Quiet: true}) }, want: "=======", why: []string{"allowed why.acktoo"}},
	{name: "delayed and merged acks, coalesced messages", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		n.Quiet = true
		n.Say(client, `{"type":"login","name":"mynick"}`)
		n.Data(server, checktest.Frame(server, `{"type":"user_list","user_list":[{"uid":1,"name":"mynick"}]}`)+
			checktest.Frame(server, `{"type":"login","uid":1,"name":"mynick","time":"2014-08-12 17:50:30"}`))
		s.Pass(40 * time.Millisecond)
		n.Ack(client)
		n.Say(client, `{"type":"say","to_uid":"all","content":"hi,  all !"}`)
		n.Say(server, `{"type":"say","from_uid":1,"to_uid":"all","content":"hi,  all !","time":"2014-08-12 :51:02"}`)
		s.Pass(41 * time.Millisecond)
		n.Ack(client)
		return s.Packets
	}, want: "=======", alone: true, why: []string{"allowed why.coalesced", "allowed why.ack.merged", "allowed why.ack.delayed"}},
	{name: "snaplen 96", make: func(t testing.TB) []capture.Packet { return short(played(t, checktest.Cast{}), 96) }, want: "=!!!!!!",
		advice: "hint.snaplen"},
	{name: "snaplen 68", make: func(t testing.TB) []capture.Packet { return short(played(t, checktest.Cast{}), 68) }, want: "=------",
		advice: "hint.snaplen"},
	{name: "snaplen too short for the SYN's options alone", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		for i := range 2 {
			packets[i].Data = packets[i].Data[:60]
		}
		return packets
	}, want: "-======", alone: true, advice: "hint.snaplen"},
	{name: "begun after the message", make: func(t testing.TB) []capture.Packet {
		return late(t, checktest.Cast{Today: true}, 13)
	}, want: "------=", advice: "hint.late"},
	{name: "snaplen 40", make: func(t testing.TB) []capture.Packet { return short(played(t, checktest.Cast{}), 40) }, want: "-------",
		advice: "hint.snaplen", noise: []string{"noise.short"}},
	{name: "begun after the SYN", make: func(t testing.TB) []capture.Packet { return late(t, checktest.Cast{}, 1) }, want: "!======", alone: true,
		advice: "hint.late"},
	{name: "begun after the handshake", make: func(t testing.TB) []capture.Packet { return late(t, checktest.Cast{}, 3) }, want: "-======", alone: true,
		advice: "hint.late"},
	{name: "begun between request and response", make: func(t testing.TB) []capture.Packet { return late(t, checktest.Cast{}, 4) }, want: "-!=====", alone: true,
		advice: "hint.late"},
	{name: "begun after the upgrade", make: func(t testing.TB) []capture.Packet { return late(t, checktest.Cast{Port: 5000}, 7) }, want: "--=====", alone: true,
		advice: "hint.late"},
	{name: "begun after the login, today", make: func(t testing.TB) []capture.Packet { return late(t, checktest.Cast{Today: true}, 11) }, want: "-----==",
		advice: "hint.late"},
	{name: "begun after the login, another comes later", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, later := s.Conn(60653), s.Conn(60700)
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		begun := len(s.Packets)
		s.Enter(later, c)
		later.Say(client, `{"type":"login","client_name":"carl","room_id":1}`)
		event := `{"type":"login","client_id":"7f0000010b5400000009","client_name":"carl","time":"2026-11-24 09:00:00"`
		n.Say(server, event+"}")
		later.Say(server, event+`,"client_list":{"`+n.UID(c)+`":"mynick","7f0000010b5400000009":"carl"}}`)
		s.Speak(n, later, "mynick", "hi, all !", c)
		return s.Packets[begun:]
	}, want: "-----==", advice: "hint.late"},
	{name: "begun between the message and its copy, another said later", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, _ := s.Play(checktest.Cast{Today: true, Alone: true})
		begun := len(s.Packets) - 2
		s.Speak(n, nil, "mynick", "later", c)
		return s.Packets[begun:]
	}, want: "------=", advice: "hint.late"},
	{name: "the message's copy lost, another said later", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, _ := s.Play(checktest.Cast{Today: true, Alone: true})
		s.Speak(n, nil, "mynick", "later", c)
		return slices.Delete(s.Packets, 13, 14)
	}, want: "======-", alone: true, advice: "hint.lost"},
	{name: "the right login's event lost, the wrong one's there", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		s.Login(n, nil, "MyNik", 1, c)
		s.Login(n, nil, "mynick", 1, c)
		s.Packets = slices.Delete(s.Packets, 13, 14)
		s.Speak(n, nil, "mynick", "hi, all !", c)
		return s.Packets
	}, want: "===--==", advice: "hint.lost"},
	{name: "another nickname while the right one is in the room", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","client_name":"mynik","room_id":1}`)
		n.Say(server, `{"type":"login","client_id":"9","client_name":"mynik","client_list":{"8":"mynick","9":"mynik"}}`)
		return s.Packets
	}, want: "==!!!--", advice: "hint.nick"},
	{name: "ended in the handshake", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Alone: true})[:2] },
		want: "!------", advice: "hint.ended"},
	{name: "nobody asks for WebSocket", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Alone: true})[:3] },
		want: "=------", advice: "hint.upgrade"},
	{name: "nobody logs in", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Alone: true})[:7] },
		want: "==-----", advice: "hint.login"},
	{name: "ended before anything was said", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		s.Login(n, nil, "mynick", 1, checktest.Cast{})
		return s.Packets
	}, want: "=====--", alone: true, advice: "hint.say"},
	{name: "ended before the answer", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		return packets[:len(packets)-2]
	}, want: "======-", alone: true, advice: "hint.answer"},
	{name: "nobody listens", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Segment(client, tcp.SYN, "")
		n.Segment(server, tcp.RST|tcp.ACK, "")
		return s.Packets
	}, want: "!------", advice: "hint.refused"},
	{name: "nobody answers", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Segment(client, tcp.SYN, "")
		s.Pass(time.Second)
		n.Seq[client]--
		n.Segment(client, tcp.SYN, "")
		return s.Packets
	}, want: "!------", advice: "hint.unanswered"},
	{name: "the handshake's packets in another order", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		packets[0], packets[1], packets[2] = packets[1], packets[2], packets[0]
		return packets
	}, want: "=======", alone: true},
	{name: "the ACK before the SYN+ACK", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		packets[1], packets[2] = packets[2], packets[1]
		return packets
	}, want: "=======", alone: true},
	{name: "the 101 before its request", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		packets[3], packets[4], packets[5] = packets[5], packets[3], packets[4]
		return packets
	}, want: "=======", alone: true},
	{name: "the SYN+ACK lost", make: func(t testing.TB) []capture.Packet {
		return slices.Delete(played(t, checktest.Cast{Alone: true}), 1, 2)
	}, want: "!======", alone: true, advice: "hint.lost"},
	{name: "port 7272 opened as a page", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Open()
		n.Data(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n\r\n")
		n.Data(server, "HTTP/1.1 426 Upgrade Required\r\n\r\n")
		return s.Packets
	}, want: "=!-----", advice: "hint.direct"},
	{name: "origin refused", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Open()
		n.Data(client, "GET / HTTP/1.1\r\nHost: x\r\n"+strings.Replace(string(checktest.Chrome), "KEY", "dGhlIHNhbXBsZSBub25jZQ==", 1))
		n.Data(server, "HTTP/1.1 403 Forbidden\r\n\r\n")
		return s.Packets
	}, want: "=!-----", advice: "hint.origin"},
	{name: "server full", make: func(t testing.TB) []capture.Packet { return refused(t, "13", "503 Service Unavailable") },
		want: "=!-----", advice: "hint.full"},
	{name: "old version refused", make: func(t testing.TB) []capture.Packet { return refused(t, "8", "426 Upgrade Required") },
		want: "=!-----", advice: "hint.browser"},
	{name: "not understood", make: func(t testing.TB) []capture.Packet { return refused(t, "13", "404 Not steps.Found") },
		want: "=!-----", advice: "hint.server"},
	{name: "Sec-WebSocket-Accept wrong", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{BadAccept: true}) }, want: "=!=====",
		advice: "hint.accept"},
	{name: "compression granted", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{Extra: "Sec-WebSocket-Extensions: permessage-deflate\r\n"})
		for i, from := range []dissect.Side{client, server, client, server} {
			h := dissect.FrameHeader{Fin: true, RSV: 4, Opcode: dissect.Text, Masked: from == client}
			n.Data(from, string(dissect.AppendFrame(nil, h, []byte{0xaa, 0x56, byte(i), 0})))
		}
		return s.Packets
	}, want: "=!!!!!!", advice: "hint.deflate"},
	{name: "another nickname", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Nick: "mynik"}) }, want: "==!!!==",
		advice: "hint.nick", why: []string{"different why.wrong"}},
	{name: "nickname in capitals", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Nick: "MyNick", Today: true}) }, want: "==!!!==",
		advice: "hint.nick.close"},
	{name: "another message", make: func(t testing.TB) []capture.Packet { return played(t, checktest.Cast{Message: "hello"}) }, want: "=====!!",
		advice: "hint.message"},
	{name: "wide signs", make: func(t testing.TB) []capture.Packet {
		return played(t, checktest.Cast{Message: "hi，all！", Today: true})
	}, want: "=====!!",
		advice: "hint.message.close"},
	{name: "said to one", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		c := checktest.Cast{Today: true}
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		n.Say(client, `{"type":"say","to_client_id":"7f","to_client_name":"bob","content":"hi, all !"}`)
		n.Say(server, `{"type":"say","from_client_id":"`+n.UID(c)+`","from_client_name":"mynick","to_client_id":"7f","content":"<b>\u4f60\u5bf9bob\u8bf4: <\/b>hi, all !","time":"2026-11-24 09:00:00"}`)
		return s.Packets
	}, want: "=====!!", alone: true, advice: "hint.private"},
	{name: "said while the chat is paused", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, _ := together(s, c)
		n.Say(client, `{"type":"say","to_client_id":"all","content":"hi, all !"}`)
		n.Say(server, `{"type":"refused","why":"paused","to_client_id":"all","content":"hi, all !","time":"2026-11-24 09:00:00"}`)
		return s.Packets
	}, want: "======-", advice: "hint.held", why: []string{"noise why.refused"}},
	{name: "said to one, 2014", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{}
		n, o := together(s, c)
		n.Say(client, `{"type":"say","to_uid":`+o.UID(c)+`,"content":"hi,  all !"}`)
		o.Say(server, `{"type":"say","from_uid":`+n.UID(c)+`,"to_uid":`+o.UID(c)+`,"content":"hi,  all !","time":"2014-08-12 :51:02"}`)
		return s.Packets
	}, want: "=====!-", advice: "hint.private"},
	{name: "a task of one's own", make: func(t testing.TB) []capture.Packet {
		return played(t, checktest.Cast{Today: true, Nick: "bako-12", Message: "seven green boats"})
	},
		o: steps.Task{Nick: "bako-12", Message: "seven green boats"}, want: "======="},
	{name: "several attempts, the second one right", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(50001)
		s.Enter(n, checktest.Cast{Today: true})
		s.Login(n, nil, "mynick", 1, checktest.Cast{Today: true})
		n.Segment(client, tcp.RST, "")
		s.Play(checktest.Cast{Today: true})
		last := s.Conn(50002)
		s.Enter(last, checktest.Cast{})
		return s.Packets
	}, want: "======="},
	{name: "said wrongly, then right", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n, o := s.Play(checktest.Cast{Today: true, Message: "hi all"})
		s.Speak(n, o, "mynick", "hi, all !", checktest.Cast{Today: true})
		return s.Packets
	}, want: "=======", why: []string{"noise why.say.other"}},
	{name: "the same ports used again", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Seq = [2]uint32{5, 6}
		s.Enter(n, checktest.Cast{})
		s.Login(n, nil, "wrong", 1, checktest.Cast{})
		s.Pass(time.Minute)
		s.Play(checktest.Cast{})
		return s.Packets
	}, want: "======="},
	{name: "behind a proxy", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n, _ := s.Play(checktest.Cast{Alone: true})
		// The same bytes once more, from the proxy to the server.
		twin := checktest.New(t)
		twin.Now = s.Now
		twin.Play(checktest.Cast{Alone: true})
		for i := range twin.Packets {
			p := &twin.Packets[i]
			for _, at := range []int{14 + 15, 14 + 19} { // last bytes of the addresses
				p.Data[at] = 9
			}
		}
		_ = n
		return append(s.Packets, twin.Packets...)
	}, want: "=======", alone: true},
	{name: "packets lost on the way into the file", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true})
		return slices.Delete(packets, len(packets)-4, len(packets)-3) // what was said
	}, want: "=====-=", alone: true, advice: "hint.lost"},
	{name: "only the 101 lost on the way into the file", make: func(t testing.TB) []capture.Packet {
		return slices.Delete(played(t, checktest.Cast{Alone: true, Today: true}), 5, 6)
	}, want: "=!=====", alone: true, advice: "hint.lost"},
	{name: "the 101 lost, with the ACKs before and after it", make: func(t testing.TB) []capture.Packet {
		return slices.Delete(played(t, checktest.Cast{Alone: true}), 4, 7)
	}, want: "=!=====", alone: true, advice: "hint.lost"},
	{name: "the server's list lost", make: func(t testing.TB) []capture.Packet {
		return slices.Delete(played(t, checktest.Cast{Alone: true}), 9, 11)
	}, want: "===-===", advice: "hint.lost"},
	{name: "the 101 out of its place", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{Alone: true, Today: true})
		response := packets[5]
		return slices.Insert(slices.Delete(packets, 5, 6), 8, response)
	}, want: "=======", alone: true},
	{name: "another port", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Ports[server] = 8080
		s.Enter(n, checktest.Cast{})
		return s.Packets
	}, want: "-------", advice: "hint.port", noise: []string{"noise.ports"}},
	{name: "another port, in a list of upgrades", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Ports[server] = 8080
		n.Data(client, strings.Replace(asking, "Upgrade: websocket", "upgrade: h2c, WebSocket", 1))
		return s.Packets
	}, want: "-------", advice: "hint.port"},
	{name: "the page alone", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		web := &checktest.Conn{S: s, Ports: [2]uint16{40000, 55151}, Seq: [2]uint32{1, 2}}
		web.Open()
		web.Data(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		return s.Packets
	}, want: "-------", advice: "hint.page"},
	{name: "other traffic", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.UDP("x")
		return s.Packets
	}, want: "-------", advice: "hint.nothing"},
	{name: "a link type that is not read", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{})
		for i := range packets {
			packets[i].LinkType = 189 // USB
		}
		return packets
	}, want: "-------", advice: "hint.linktype", noise: []string{"noise.linktype"}},
	{name: "Wi-Fi that is not read", make: func(t testing.TB) []capture.Packet {
		var packets []capture.Packet
		for _, l := range linktest.Unread[:2] {
			data := l.Packet(played(t, checktest.Cast{})[0].Data[14:])
			packets = append(packets, capture.Packet{LinkType: l.Link, Length: len(data), Data: data})
		}
		return packets
	}, want: "-------", advice: "hint.encrypted", noise: []string{"noise.encrypted", "noise.aggregate"}},
	{name: "a later fragment, and a header that is none", make: func(t testing.TB) []capture.Packet {
		packets := played(t, checktest.Cast{})
		packets[0].Data[14+7] = 1     // the fragment's offset
		packets[1].Data[14+20+12] = 0 // TCP's header length
		return packets[:2]
	}, want: "-------", advice: "hint.nothing", noise: []string{"noise.fragment", "noise.malformed"}},
	{name: "to the server only", make: func(t testing.TB) []capture.Packet { return direction(played(t, checktest.Cast{Today: true}), client) },
		want: "!!=--=-", advice: "hint.oneway.client"},
	{name: "from the server only", make: func(t testing.TB) []capture.Packet { return direction(played(t, checktest.Cast{Today: true}), server) },
		want: "!!-==-=", advice: "hint.oneway.server"},
	{name: "from the server only, nobody else there", make: func(t testing.TB) []capture.Packet { return direction(played(t, checktest.Cast{Alone: true}), server) },
		want: "!!-==-=", advice: "hint.oneway.server", alone: true},
	{name: "a proxy takes Upgrade away", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Open()
		n.Data(client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
		n.Data(server, "HTTP/1.1 426 Upgrade Required\r\n\r\n")
		return s.Packets
	}, want: "=!-----", advice: "hint.proxy", got: []string{"got.upgrade.stripped"}},
	{name: "said in the other window", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, o := together(s, c)
		s.Speak(o, n, "猪猪", "hi,  all !", c)
		return s.Packets
	}, want: "=====!-", advice: "hint.elsewhere", got: []string{"got.say.elsewhere"}},
	{name: "said in both windows", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, o := together(s, c)
		s.Speak(o, n, "猪猪", "hi,  all !", c)
		s.Speak(n, o, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "======="},
	{name: "something else said in the right window, the message in the other", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{}
		n, o := together(s, c)
		s.Speak(n, o, "mynick", "hello", c)
		s.Speak(o, n, "猪猪", "hi,  all !", c)
		return s.Packets
	}, want: "=====!!", advice: "hint.elsewhere", got: []string{"got.say.elsewhere"}},
	{name: "the login altered", make: func(t testing.TB) []capture.Packet {
		return altered(t, checktest.Cast{Today: true}, client, `"mynick"`, `"minick"`)
	}, want: "==!====", advice: "hint.contradiction"},
	{name: "the announcement altered", make: func(t testing.TB) []capture.Packet {
		return altered(t, checktest.Cast{Today: true}, server, `"mynick"`, `"minick"`)
	}, want: "===!!==", advice: "hint.contradiction"},
	{name: "the login altered, 2014", make: func(t testing.TB) []capture.Packet {
		return altered(t, checktest.Cast{}, client, `"mynick"`, `"minick"`)
	}, want: "==!====", advice: "hint.contradiction"},
	{name: "the message altered", make: func(t testing.TB) []capture.Packet {
		return altered(t, checktest.Cast{Today: true}, client, "hi,  all !", "ho,  all !")
	}, want: "=====!=", advice: "hint.contradiction"},
	{name: "the copies altered", make: func(t testing.TB) []capture.Packet {
		return altered(t, checktest.Cast{Today: true}, server, "hi,  all !", "ho,  all !")
	}, want: "======!", advice: "hint.contradiction"},
	{name: "nobody yet", make: nobodyYet(checktest.Cast{Today: true, Alone: true}), want: "=======", alone: true, notes: []string{"note.alone.yet"}},
	{name: "nobody yet, 2014", make: nobodyYet(checktest.Cast{Alone: true}), want: "=======", alone: true, notes: []string{"note.alone.yet"}},
	{name: "nobody any more", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, o := together(s, c)
		o.Segment(client, tcp.FIN|tcp.ACK, "")
		o.Segment(server, tcp.FIN|tcp.ACK, "")
		n.Say(server, `{"type":"logout","from_client_id":"`+o.UID(c)+`","from_client_name":"\u732a\u732a","time":"2026-11-24 09:01:02"}`)
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "=======", alone: true, notes: []string{"note.alone.left"}},
	{name: "nobody any more, 2014", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{}
		n, o := together(s, c)
		n.Say(server, `{"type":"logout","uid":`+o.UID(c)+`,"time":"2014-08-12 17:51:02"}`)
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "=======", alone: true, notes: []string{"note.alone.left"}},
	{name: "left before the newcomer came", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true, Alone: true}
		o := s.Conn(60584)
		s.Enter(o, c)
		s.Login(o, nil, "猪猪", 1, c)
		o.Segment(client, tcp.FIN|tcp.ACK, "")
		s.Play(c)
		return s.Packets
	}, want: "=======", alone: true, notes: []string{"note.alone.left"}},
	{name: "left and come back", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, o := together(s, c)
		n.Say(server, `{"type":"logout","from_client_id":"`+o.UID(c)+`","from_client_name":"\u732a\u732a","time":"2026-11-24 09:01:02"}`)
		again := s.Conn(60700)
		s.Enter(again, c)
		s.Login(again, n, "猪猪", 1, c)
		s.Speak(n, again, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "======="},
	{name: "the other one's packets were not captured", make: func(t testing.TB) []capture.Packet {
		return slices.DeleteFunc(played(t, checktest.Cast{Today: true}), func(p capture.Packet) bool {
			var s dissect.Segment
			return s.Decode(&p) == nil && (s.Src.Port() == 60584 || s.Dst.Port() == 60584)
		})
	}, want: "=======", notes: []string{"note.own"}},
	{name: "two tabs of one name", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		first, n := s.Conn(60600), s.Conn(60653)
		s.Enter(first, c)
		s.Login(first, nil, "mynick", 1, c)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","client_name":"mynick","room_id":1}`)
		event := `{"type":"login","client_id":"` + n.UID(c) + `","client_name":"mynick","time":"2026-11-24 09:01:01"`
		first.Say(server, event+"}")
		n.Say(server, event+`,"client_list":{"`+first.UID(c)+`":"mynick","`+n.UID(c)+`":"mynick"}}`)
		s.Speak(n, first, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "=======", notes: []string{"note.namesake", "note.attempts"}},
	{name: "over two addresses", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, _ := together(s, c)
		s.V6 = true
		other := s.Conn(60700)
		s.Enter(other, c)
		s.V6 = false
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "======="},
	{name: "both dialects", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		old, c := checktest.Cast{}, checktest.Cast{Today: true}
		o, n := s.Conn(60584), s.Conn(60653)
		s.Enter(o, old)
		s.Login(o, nil, "猪猪", 1, old)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","client_name":"mynick","room_id":1}`)
		n.Say(server, `{"type":"login","client_id":"7f02","client_name":"mynick","time":"2026-11-24 09:01:01","client_list":{"7f01":"\u732a\u732a","7f02":"mynick"}}`)
		o.Say(server, `{"type":"login","uid":2,"name":"mynick","time":"2026-11-24 09:01:01"}`)
		n.Say(client, `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":"hi,  all !"}`)
		n.Say(server, `{"type":"say","from_client_id":"7f02","from_client_name":"mynick","to_client_id":"all","content":"hi,  all !","time":"2026-11-24 09:01:02"}`)
		o.Say(server, `{"type":"say","from_uid":2,"to_uid":"all","content":"hi,  all !","time":"2026-11-24 :01:02"}`)
		return s.Packets
	}, want: "======="},
	{name: "TLS on another port of this machine", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		web := &checktest.Conn{S: s, Ports: [2]uint16{40000, 8443}, Seq: [2]uint32{1, 2}}
		web.Open()
		web.Data(client, hello)
		return s.Packets
	}, want: "-------", advice: "hint.tls.elsewhere", noise: []string{"noise.ports"}},
	{name: "the page, and TLS to somewhere in the world", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		web := &checktest.Conn{S: s, Ports: [2]uint16{40000, 443}, Seq: [2]uint32{1, 2}}
		web.Data(client, hello)
		for i := range s.Packets {
			copy(s.Packets[i].Data[14+16:], []byte{93, 184, 216, 34})
		}
		page := &checktest.Conn{S: s, Ports: [2]uint16{40001, 55151}, Seq: [2]uint32{1, 2}}
		page.Data(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		return s.Packets
	}, want: "-------", advice: "hint.page"},
	{name: "TLS to somewhere in the world", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		web := &checktest.Conn{S: s, Ports: [2]uint16{40000, 443}, Seq: [2]uint32{1, 2}}
		web.Data(client, hello)
		for i := range s.Packets {
			copy(s.Packets[i].Data[14+16:], []byte{93, 184, 216, 34})
		}
		return s.Packets
	}, want: "-------", advice: "hint.tls.elsewhere"},
	{name: "the opcode altered", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 0, 0x83) }, want: "=====!=", advice: "hint.altered", got: []string{"got.frame.breaks"}},
	{name: "a reserved bit set", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 0, 0xa1) }, want: "=====!=", advice: "hint.altered", got: []string{"got.frame.breaks"}},
	{name: "RSV1 without compression", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, server, 0, 0xc1) }, want: "======!", advice: "hint.altered", got: []string{"got.frame.breaks"}},
	{name: "too long a length", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 1, 0x80|70) }, want: "=====!=", advice: "hint.altered", got: []string{"got.frame.length"}},
	{name: "too long a length of the last frame", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.Play(checktest.Cast{Alone: true})
		last := s.Packets[len(s.Packets)-2]
		last.Data[len(last.Data)-int(last.Data[14+32+20+1])-1]++ // the length's byte, before the payload
		return s.Packets
	}, want: "======!", alone: true, advice: "hint.altered", got: []string{"got.frame.length"}},
	{name: "too short a length", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 1, 0x80|40) }, want: "=====!=", advice: "hint.altered", got: []string{"got.frame.none"}},
	{name: "a masked frame of the server", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Alone: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","name":"mynick"}`)
		h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true}
		n.Data(server, string(dissect.AppendFrame(nil, h, []byte(`{"type":"user_list","user_list":[{"uid":1,"name":"mynick"}]}`))))
		n.Data(client, string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Close, Masked: true}, []byte{3, 0xea})))
		return s.Packets
	}, want: "===!---", alone: true, advice: "hint.broken-server", got: []string{"got.frame.breaks"}, notes: []string{"note.left"}},
	{name: "TLS on the chat's port", make: func(t testing.TB) []capture.Packet {
		return spoken(t, hello, "\x16\x03\x03\x00\x04\x02\x00\x00\x00")
	}, want: "=!-----", advice: "hint.tls", got: []string{"got.upgrade.tls"}, why: []string{"noise why.tls"}},
	{name: "TLS to the plain server", make: func(t testing.TB) []capture.Packet { return spoken(t, hello, "HTTP/1.1 400 Bad Request\r\n\r\n") },
		want: "=!-----", advice: "hint.tls.plain", got: []string{"got.upgrade.tls.plain"}},
	{name: "TLS, and the server hangs up", make: func(t testing.TB) []capture.Packet { return spoken(t, hello, "") },
		want: "=!-----", advice: "hint.tls.plain", got: []string{"got.upgrade.tls.unanswered"}},
	{name: "TLS, begun late", make: func(t testing.TB) []capture.Packet {
		return spoken(t, "\x17\x03\x03\x00\x05abcde", "\x17\x03\x03\x00\x05abcde")[3:]
	}, want: "-!-----", advice: "hint.tls", got: []string{"got.upgrade.tls"}},
	{name: "ssh", make: func(t testing.TB) []capture.Packet {
		return spoken(t, "SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2\r\n")
	},
		want: "=!-----", advice: "hint.protocol", got: []string{"got.upgrade.protocol"}},
	{name: "a program that greets", make: func(t testing.TB) []capture.Packet { return spoken(t, "", "220 mail ready\r\n") },
		want: "=!-----", advice: "hint.protocol", got: []string{"got.upgrade.foreign"}},
	{name: "netcat", make: func(t testing.TB) []capture.Packet { return spoken(t, "hi,  all !\n", "") },
		want: "=!-----", advice: "hint.protocol", got: []string{"got.upgrade.foreign"}},
	{name: "plain to a TLS server", make: func(t testing.TB) []capture.Packet { return spoken(t, asking, "\x15\x03\x01\x00\x02\x02\x46") },
		want: "=!-----", advice: "hint.tls.server", got: []string{"got.upgrade.tls.server"}},
	{name: "answered by ssh", make: func(t testing.TB) []capture.Packet { return spoken(t, asking, "SSH-2.0-OpenSSH_9.2\r\n") },
		want: "=!-----", advice: "hint.server", got: []string{"got.upgrade.answer"}},
	{name: "the server hangs up", make: func(t testing.TB) []capture.Packet { return spoken(t, asking, "") },
		want: "=!-----", advice: "hint.server", got: []string{"got.upgrade.closed"}},
	{name: "the server closes after the login", make: func(t testing.TB) []capture.Packet { return closedAfterLogin(t, "\x88\x02\x03\xf3") },
		want: "===----", advice: "hint.closed", notes: []string{"note.closed"}},
	{name: "the server hangs up after the login", make: func(t testing.TB) []capture.Packet { return closedAfterLogin(t, "") },
		want: "===----", advice: "hint.closed", notes: []string{"note.ended"}},
	{name: "the browser leaves before the answer", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		s.Login(n, nil, "mynick", 1, checktest.Cast{})
		n.Say(client, `{"type":"say","to_uid":"all","content":"hi,  all !"}`)
		n.Segment(client, tcp.FIN|tcp.ACK, "")
		return s.Packets
	}, want: "======-", advice: "hint.left", notes: []string{"note.left"}, alone: true},
	{name: "the message as a fragment", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 0, 0x01) }, want: "=====!=", advice: "hint.contradiction", got: []string{"got.frame.unread"}},
	{name: "the message as a ping", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 0, 0x89) }, want: "=====!=", advice: "hint.contradiction", got: []string{"got.frame.unread"}},
	{name: "the message with another key", make: func(t testing.TB) []capture.Packet { return alteredHeader(t, client, 3, 0x55) }, want: "=====!=", advice: "hint.contradiction", got: []string{"got.frame.unread"}},
	{name: "over two addresses, in two dialects", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		old, c := checktest.Cast{}, checktest.Cast{Today: true}
		o, n := s.Conn(60584), s.Conn(60653)
		s.V6 = true
		s.Enter(o, old)
		s.Login(o, nil, "猪猪", 1, old)
		s.V6 = false
		s.Enter(n, c)
		n.Say(client, `{"type":"login","client_name":"mynick","room_id":1}`)
		n.Say(server, `{"type":"login","client_id":"7f02","client_name":"mynick","time":"2026-11-24 09:01:01","client_list":{"7f01":"\u732a\u732a","7f02":"mynick"}}`)
		s.V6 = true
		o.Say(server, `{"type":"login","uid":2,"name":"mynick","time":"2026-11-24 09:01:01"}`)
		s.V6 = false
		n.Say(client, `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":"hi,  all !"}`)
		n.Say(server, `{"type":"say","from_client_id":"7f02","from_client_name":"mynick","to_client_id":"all","content":"hi,  all !","time":"2026-11-24 09:01:02"}`)
		s.V6 = true
		o.Say(server, `{"type":"say","from_uid":2,"to_uid":"all","content":"hi,  all !","time":"2026-11-24 :01:02"}`)
		return s.Packets
	}, want: "======="},
	{name: "the earlier one is mynick, and says nothing", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, o := s.Conn(60584), s.Conn(60653)
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		s.Enter(o, c)
		s.Login(o, n, "猪猪", 1, c)
		s.Speak(o, n, "猪猪", "hi,  all !", c)
		return s.Packets
	}, want: "=====!-", advice: "hint.elsewhere", notes: []string{"note.alone.yet"}},
	{name: "renamed before the message", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		s.Login(n, nil, "other", 1, c)
		s.Speak(n, nil, "other", "hi,  all !", c)
		return s.Packets
	}, want: "=======", alone: true, notes: []string{"note.renamed"}},
	{name: "said before the login", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(client, `{"type":"say","to_client_id":"all","content":"hi,  all !"}`)
		s.Login(n, nil, "mynick", 1, c)
		return s.Packets
	}, want: "======-", alone: true, advice: "hint.early", notes: []string{"note.early"}},
	{name: "said in a window without a nickname", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n, other := s.Conn(60653), s.Conn(60700)
		s.Enter(n, c)
		s.Login(n, nil, "mynick", 1, c)
		s.Enter(other, c)
		other.Say(client, `{"type":"say","to_client_id":"all","content":"hi,  all !"}`)
		return s.Packets
	}, want: "=====!-", alone: true, advice: "hint.elsewhere", got: []string{"got.say.nobody"}},
	{name: "a proxy takes Connection away", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.Replace(asking, "Connection: Upgrade", "Connection: close", 1), "HTTP/1.1 400 Bad Request\r\n\r\n")
	}, want: "=!-----", advice: "hint.proxy", got: []string{"got.upgrade.stripped"}},
	{name: "a request with a body", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.Replace(asking, "GET", "POST", 1), "HTTP/1.1 405 Method Not Allowed\r\n\r\n")
	}, want: "=!-----", advice: "hint.browser", got: []string{"got.upgrade.refused"}},
	{name: "granted without a key", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.Replace(asking, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 1), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	}, want: "=!-----", advice: "hint.browser", got: []string{"got.upgrade.granted"}},
	{name: "an interim response before the 101", make: func(t testing.TB) []capture.Packet {
		return spoken(t, asking, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	}, want: "==-----", advice: "hint.closed"},
	{name: "granted for a key that is none", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.Replace(asking, "dGhlIHNhbXBsZSBub25jZQ==", "key", 1), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+dissect.Accept("key")+"\r\n\r\n")
	}, want: "==-----", advice: "hint.closed", notes: []string{"note.key"}},
	{name: "nginx without a word of WebSocket", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.NewReplacer("HTTP/1.1", "HTTP/1.0", "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close").Replace(asking), "HTTP/1.1 426 Upgrade Required\r\n\r\n")
	}, want: "=!-----", advice: "hint.proxy", got: []string{"got.upgrade.stripped"}},
	{name: "nginx without HTTP/1.1", make: func(t testing.TB) []capture.Packet {
		return spoken(t, strings.Replace(asking, "HTTP/1.1", "HTTP/1.0", 1), "HTTP/1.1 505 HTTP Version Not Supported\r\n\r\n")
	}, want: "=!-----", advice: "hint.proxy", got: []string{"got.upgrade.stripped"}},
	{name: "a proxy without its server", make: func(t testing.TB) []capture.Packet { return spoken(t, asking, "HTTP/1.1 502 Bad Gateway\r\n\r\n") },
		want: "=!-----", advice: "hint.gateway"},
	{name: "plain to Go's TLS server", make: func(t testing.TB) []capture.Packet {
		return spoken(t, asking, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
	}, want: "=!-----", advice: "hint.tls.server"},
	{name: "JSON without HTTP", make: func(t testing.TB) []capture.Packet {
		return spoken(t, `{"type":"login","name":"mynick"}`, "HTTP/1.1 400 Bad Request\r\n\r\n")
	}, want: "=!-----", advice: "hint.protocol", got: []string{"got.upgrade.foreign"}},
	{name: "a browser that waits too long", make: func(t testing.TB) []capture.Packet { return spoken(t, "", "HTTP/1.1 408 Request Timeout\r\n\r\n") },
		want: "=!-----", advice: "hint.upgrade", got: []string{"got.upgrade.none"}},
	{name: "another extension granted", make: func(t testing.TB) []capture.Packet {
		return played(t, checktest.Cast{Extra: "Sec-WebSocket-Extensions: x-mux\r\n"})
	}, want: "=!=====", advice: "hint.server", got: []string{"got.upgrade.unknown"}},
	{name: "TLS, to the server only", make: func(t testing.TB) []capture.Packet {
		return direction(spoken(t, hello+hello, "\x16\x03\x03\x00\x04\x02\x00\x00\x00"), client)
	},
		want: "!!-----", advice: "hint.tls", got: []string{"got.upgrade.tls"}},
	{name: "a lone SYN at the end", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.Conn(60653).Segment(client, tcp.SYN, "")
		return s.Packets
	}, want: "!------", advice: "hint.ended"},
	{name: "packets with data only", make: func(t testing.TB) []capture.Packet {
		return sizes(played(t, checktest.Cast{Today: true}), func(length int) bool { return length > 0 })
	}, want: "-======", advice: "hint.filter.bare"},
	{name: "packets without data only", make: func(t testing.TB) []capture.Packet {
		return sizes(played(t, checktest.Cast{Today: true}), func(length int) bool { return length == 0 })
	}, want: "=------", advice: "hint.filter.data"},
	{name: "no JSON said", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		s.Login(n, nil, "mynick", 1, checktest.Cast{})
		n.Say(client, "hi,  all !")
		return s.Packets
	}, want: "=====!-", advice: "hint.unread", alone: true, got: []string{"got.frame.unread"}},
	{name: "no JSON for a login", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		n.Say(client, "mynick")
		return s.Packets
	}, want: "==!----", advice: "hint.unread", got: []string{"got.frame.unread"}},
	{name: "a login that the server ignores", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		n.Say(client, `{"type":"login","client_name":"mynick"}`)
		s.Pass(10 * time.Second)
		n.Say(server, `{"type":"ping"}`)
		return s.Packets
	}, want: "===----", advice: "hint.ignored"},
	{name: "a list that never comes, and the page is closed", make: withoutList(client), want: "===-===", advice: "hint.omitted"},
	{name: "a list that never comes, and the server closes", make: withoutList(server), want: "===-===", advice: "hint.omitted"},
	{name: "answered, and the login left out, and the server closes", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(server, `{"type":"user_list","user_list":[{"uid":`+n.UID(c)+`,"name":"mynick"}]}`)
		n.Say(server, `{"type":"login","uid":`+n.UID(c)+`,"name":"mynick","time":"2014-08-12 17:50:30"}`)
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		n.Segment(server, tcp.FIN|tcp.ACK, "")
		return s.Packets
	}, want: "==-====", alone: true, advice: "hint.contradiction"},
	{name: "another server's greeting and two pings in one segment", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		n.Say(client, `{"type":"login","name":"mynick"}`)
		ping := checktest.Frame(server, `{"type":"ping"}`)
		n.Data(server, checktest.Frame(server, "welcome to the chat")+ping+ping)
		return s.Packets
	}, want: "===!---", advice: "hint.server", got: []string{"got.frame.unread"}},
	{name: "messages cut before their type", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		whole := len(s.Packets)
		s.Login(n, nil, "mynick", 1, c)
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		short(s.Packets[whole:], 80)
		return s.Packets
	}, want: "==-----", advice: "hint.snaplen"},
	{name: "an echo", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		for _, from := range []dissect.Side{client, server} {
			n.Say(from, `{"type":"login","client_name":"mynick","room_id":1}`)
		}
		for _, from := range []dissect.Side{client, server} {
			n.Say(from, `{"type":"say","to_client_id":"all","content":"hi,  all !"}`)
		}
		return s.Packets
	}, want: "===!-=-", advice: "hint.server", got: []string{"got.frame.unread"}},
	{name: "a name that is a number", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","client_name":7,"room_id":1}`)
		n.Say(server, `{"type":"login","client_id":"`+n.UID(c)+`","client_name":"7","client_list":{"`+n.UID(c)+`":"7"}}`)
		s.Speak(n, nil, "7", "hi,  all !", c)
		return s.Packets
	}, o: steps.Task{Nick: "7"}, want: "=======", alone: true},
	{name: "all done alone, and again together", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		s.Play(checktest.Cast{Today: true, Alone: true, Port: 50001})
		s.Play(checktest.Cast{Today: true})
		return s.Packets
	}, want: "=======", notes: []string{"note.attempts"}},
	{name: "said alone, and again together", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true, Alone: true}
		n, _ := s.Play(c)
		o := s.Conn(60700)
		s.Enter(o, c)
		s.Login(o, n, "猪猪", 1, c)
		s.Speak(n, o, "mynick", "hi,  all !", c)
		return s.Packets
	}, want: "=======", alone: true, notes: []string{"note.alone.yet"}},
	{name: "refused while another one chats", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		o := s.Conn(60584)
		s.Enter(o, c)
		s.Login(o, nil, "猪猪", 1, c)
		s.Speak(o, nil, "猪猪", "hello?", c)
		n := s.Conn(60653)
		n.Open()
		n.Data(client, asking)
		n.Data(server, "HTTP/1.1 403 Forbidden\r\n\r\n")
		return s.Packets
	}, want: "=!-----", advice: "hint.origin"},
	{name: "login and message in one segment", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{Today: true}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Data(client, checktest.Frame(client, `{"type":"login","client_name":"mynick","room_id":1}`)+checktest.Frame(client, `{"type":"say","to_client_id":"all","content":"hi,  all !"}`))
		n.Say(server, `{"type":"login","client_id":"`+n.UID(c)+`","client_name":"mynick","client_list":{"`+n.UID(c)+`":"mynick"}}`)
		n.Say(server, `{"type":"say","from_client_id":"`+n.UID(c)+`","from_client_name":"mynick","to_client_id":"all","content":"hi,  all !","time":"2026-11-24 09:01:02"}`)
		return s.Packets
	}, want: "=======", alone: true},
	{name: "the SYN lost from a capture that ran", make: func(t testing.TB) []capture.Packet { return slices.Delete(played(t, checktest.Cast{}), 13, 14) },
		want: "!======", advice: "hint.lost", got: []string{"got.handshake.nosyn"}},
	{name: "pings and pongs, and nobody logs in", make: func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n := s.Conn(60653)
		s.Enter(n, checktest.Cast{})
		for from, h := range map[dissect.Side]dissect.FrameHeader{server: {Fin: true, Opcode: dissect.Ping}, client: {Fin: true, Opcode: dissect.Pong, Masked: true}} {
			n.Data(from, string(dissect.AppendFrame(nil, h, []byte("12345678"))))
		}
		return s.Packets
	}, want: "==-----", advice: "hint.login"},
	{name: "no packet", make: func(testing.TB) []capture.Packet { return nil }, want: "-------", advice: "hint.empty"},
}

// direction keeps what one side sent.
func direction(packets []capture.Packet, from dissect.Side) []capture.Packet {
	return slices.DeleteFunc(packets, func(p capture.Packet) bool {
		var s dissect.Segment
		return s.Decode(&p) != nil || (s.Dst.Port() == 7272) != (from == client)
	})
}

// sizes keeps the packets whose payload has such a length.
func sizes(packets []capture.Packet, wanted func(length int) bool) []capture.Packet {
	return slices.DeleteFunc(packets, func(p capture.Packet) bool {
		var s dissect.Segment
		return s.Decode(&p) != nil || !wanted(s.Length)
	})
}

// together has 猪猪 and mynick log in.
func together(s *checktest.Scene, c checktest.Cast) (n, other *checktest.Conn) {
	n, other = s.Conn(60653), s.Conn(60584)
	s.Enter(other, c)
	s.Login(other, nil, "猪猪", 1, c)
	s.Enter(n, c)
	s.Login(n, other, "mynick", 1, c)
	return n, other
}

// nobodyYet has mynick be alone, and 猪猪 come afterwards.
func nobodyYet(c checktest.Cast) func(testing.TB) []capture.Packet {
	return func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		n, _ := s.Play(c)
		o := s.Conn(60700)
		s.Enter(o, c)
		s.Login(o, n, "猪猪", 1, c)
		return s.Packets
	}
}

// withoutList is a chat of 2014 whose server sends no list of members, and that a side
// ends after all else.
func withoutList(ends dissect.Side) func(testing.TB) []capture.Packet {
	return func(t testing.TB) []capture.Packet {
		s := checktest.New(t)
		c := checktest.Cast{}
		n := s.Conn(60653)
		s.Enter(n, c)
		n.Say(client, `{"type":"login","name":"mynick"}`)
		n.Say(server, `{"type":"login","uid":`+n.UID(c)+`,"name":"mynick","time":"2014-08-12 17:50:30"}`)
		s.Speak(n, nil, "mynick", "hi,  all !", c)
		s.Pass(5 * time.Second)
		n.Segment(ends, tcp.FIN|tcp.ACK, "")
		return s.Packets
	}
}

// altered is the scenario with something else of the same length in the frames of
// one side.
func altered(t testing.TB, c checktest.Cast, from dissect.Side, old, new string) []capture.Packet {
	packets := played(t, c)
	for _, p := range direction(slices.Clone(packets), from) {
		var s dissect.Segment
		if s.Decode(&p) != nil || len(s.Payload) < 7 {
			continue
		}
		h := dissect.ParseFrameHeader(s.Payload)
		payload := s.Payload[min(h.Size, len(s.Payload)):]
		if h.Masked {
			dissect.Mask(payload, h.Key, 0)
		}
		copy(payload, bytes.ReplaceAll(payload, []byte(old), []byte(new)))
		if h.Masked {
			dissect.Mask(payload, h.Key, 0)
		}
	}
	return packets
}

// alteredHeader is the scenario with another byte in the header of the frame that
// has the message, as a side sends it to or from the newcomer.
func alteredHeader(t testing.TB, from dissect.Side, at int, value byte) []capture.Packet {
	packets := played(t, checktest.Cast{})
	for _, p := range direction(slices.Clone(packets), from) {
		var s dissect.Segment
		if s.Decode(&p) != nil || len(s.Payload) < 7 || s.Src.Port() != 60653 && s.Dst.Port() != 60653 {
			continue
		}
		h := dissect.ParseFrameHeader(s.Payload)
		text := slices.Clone(s.Payload[min(h.Size, len(s.Payload)):])
		if h.Masked {
			dissect.Mask(text, h.Key, 0)
		}
		if bytes.HasPrefix(text, []byte(`{"type":"say"`)) {
			s.Payload[at] = value
		}
	}
	return packets
}

// hello is a TLS ClientHello, as far as it matters here.
const hello = "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03"

// asking is a browser's request.
const asking = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// closedAfterLogin is a login after which the server ends the connection, with a
// close frame or without.
func closedAfterLogin(t testing.TB, frame string) []capture.Packet {
	s := checktest.New(t)
	n := s.Conn(60653)
	s.Enter(n, checktest.Cast{})
	n.Say(client, `{"type":"login","name":"mynick"}`)
	if frame != "" {
		n.Data(server, frame)
	}
	n.Segment(server, tcp.FIN|tcp.ACK, "")
	return s.Packets
}

// spoken is a connection to the chat's port on which something else is spoken.
func spoken(t testing.TB, asked, answered string) []capture.Packet {
	s := checktest.New(t)
	n := s.Conn(60653)
	n.Open()
	if asked != "" {
		n.Data(client, asked)
	}
	if answered != "" {
		n.Data(server, answered)
	}
	n.Segment(server, tcp.FIN|tcp.ACK, "")
	return s.Packets
}

func linked(t testing.TB, link capture.LinkType, v6 bool) []capture.Packet {
	s := checktest.New(t)
	s.Link, s.V6 = link, v6
	s.Play(checktest.Cast{Today: true})
	return s.Packets
}

func short(packets []capture.Packet, snaplen int) []capture.Packet {
	for i := range packets {
		packets[i].Data = packets[i].Data[:min(snaplen, len(packets[i].Data))]
	}
	return packets
}

// late leaves out what passed before the newcomer's packet n, and the other
// browser.
func late(t testing.TB, c checktest.Cast, n int) []capture.Packet {
	c.Alone = true
	return played(t, c)[n:]
}

// fixRoom makes a login to room 2 one to room 1.
func fixRoom(p *capture.Packet) {
	var s dissect.Segment
	if s.Decode(p) != nil || len(s.Payload) < 7 || s.Payload[1]&0x80 == 0 {
		return
	}
	h := dissect.ParseFrameHeader(s.Payload)
	text := slices.Clone(s.Payload[h.Size:])
	dissect.Mask(text, h.Key, 0)
	if i := strings.Index(string(text), `"room_id":2`); i >= 0 {
		s.Payload[h.Size+i+10] ^= '1' ^ '2'
	}
}

func TestVariations(t *testing.T) {
	advised := map[string]bool{}
	for _, tt := range variations {
		t.Run(tt.name, func(t *testing.T) {
			r := checked(tt.make(t), tt.o)
			if got := marks(r); got != tt.want || r.OK() != (tt.want == "=======") {
				t.Errorf("steps %s, want %s; ok %v\n%s", got, tt.want, r.OK(), describe(r))
			}
			if got := r.Advice.Key(); got != tt.advice {
				t.Errorf("advice %q, want %s\n%s", got, tt.advice, describe(r))
			}
			advised[r.Advice.Key()] = true
			said := keys(r.step(annotate.Say).Notes)
			if slices.Contains(said, "note.early") != (tt.advice == "hint.early") || slices.Contains(said, "note.renamed") && !slices.Contains(tt.notes, "note.renamed") {
				t.Errorf("notes %q", said)
			}
			if r.Alone != tt.alone {
				t.Errorf("alone: %v", r.Alone)
			}
			says(t, tt.name, r, tt.got, tt.notes)
			for _, m := range append(append([]catalogue.Message{r.Advice}, r.Notes...), messages(r.Steps)...) {
				en, fr, zh := m.In(catalogue.English), m.In(catalogue.French), m.In(catalogue.Chinese)
				if !m.IsZero() && (en == fr || en == zh) && strings.Contains(en, " ") && !strings.HasPrefix(en, "“") {
					t.Errorf("%s is the same in two languages: %s", m.Key(), en)
				}
			}
			seen := reasons(r)
			for _, why := range tt.why {
				if seen[why] == 0 {
					t.Errorf("no packet is %q\n%s", why, describe(r))
				}
			}
			for _, key := range tt.noise {
				if !slices.ContainsFunc(r.Noise, func(n Noise) bool { return n.Reason.Key() == key }) {
					t.Errorf("no noise for %s: %v", key, r.Noise)
				}
			}
			for _, s := range r.Steps {
				if s.Expected.IsZero() || (s.Status == steps.Missing) != s.Got.IsZero() {
					t.Errorf("%s %s: expected %v, got %v", s.ID, s.Status, s.Expected, s.Got)
				}
				if s.Status != steps.Missing && len(s.Packets) == 0 || s.Status == steps.Missing && len(s.Packets) != 0 {
					t.Errorf("%s %s: packets %v", s.ID, s.Status, s.Packets)
				}
			}
		})
	} // Each explanation is one that a capture asks for; how a file ends is tested
	// elsewhere.
	for _, c := range cases {
		advised[c.advice] = true
	}
	for key := range texts.Check.Sources(catalogue.English) {
		if strings.HasPrefix(key, "hint.") && key != "hint.cut" && key != "hint.broken" && !advised[key] {
			t.Errorf("no capture is explained by %s", key)
		}
	}
}

// Whatever is doubled, retransmitted or put in another order between two
// packets of one side, the steps stay found.
func TestVariationsTogether(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 100 {
		packets := played(t, checktest.Cast{Today: round%2 == 0, PHP: round%4 == 0, MSS: []int{0, 7, 60}[round%3], Quiet: round%5 == 0})
		for range random.IntN(20) {
			i := 1 + random.IntN(len(packets)-1)
			again := packets[random.IntN(i)]
			again.Time = packets[i].Time
			packets = slices.Insert(packets, i, again)
		}
		if r := checked(packets, steps.Task{}); !r.OK() {
			t.Fatalf("round %d: %s\n%s", round, marks(r), describe(r))
		}
	}
}

// refused is a request of a WebSocket version, and what the server answers.
func refused(t testing.TB, version, status string) []capture.Packet {
	s := checktest.New(t)
	n := s.Conn(60653)
	n.Open()
	n.Data(client, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "+version+"\r\n\r\n")
	n.Data(server, "HTTP/1.1 "+status+"\r\n\r\n")
	return s.Packets
}
