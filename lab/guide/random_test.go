package guide

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

const (
	randomChat    = 7272
	randomEarlier = 60584
)

// chatter makes up the packets of a chat: numbers, keys, names and messages are
// random, what happens is always the same.
type chatter struct {
	*rand.Rand
	packets []capture.Packet
	first   int // packets until the student comes
}

// line is one of its connections.
type line struct {
	port uint16
	next [2]uint32 // the number of the next byte of the client and of the server
}

func (c *chatter) segment(l *line, from dissect.Side, flags tcp.Flags, payload []byte) {
	ports := [2]uint16{l.port, randomChat}
	to := 1 - from
	b := make([]byte, 40, 40+len(payload))
	b[0], b[8], b[9], b[32], b[33], b[34] = 0x45, 64, 6, 5<<4, byte(flags), 2 // a window of 512
	binary.BigEndian.PutUint16(b[2:], uint16(cap(b)))
	copy(b[12:], []byte{127, 0, 0, 1, 127, 0, 0, 1})
	binary.BigEndian.PutUint16(b[20:], ports[from])
	binary.BigEndian.PutUint16(b[22:], ports[to])
	binary.BigEndian.PutUint32(b[24:], l.next[from])
	if flags&tcp.ACK != 0 {
		binary.BigEndian.PutUint32(b[28:], l.next[to])
	}
	b = append(b, payload...)
	l.next[from] += uint32(len(payload))
	if flags&tcp.SYN != 0 {
		l.next[from]++
	}
	c.packets = append(c.packets, capture.Packet{
		Time: time.Unix(1407837000, 0).Add(time.Duration(len(c.packets)) * time.Millisecond), LinkType: capture.Raw, Data: b, Length: len(b),
	})
}

// client sends what is acknowledged alone or by what the server answers.
func (c *chatter) client(l *line, payload []byte) {
	c.segment(l, dissect.Client, tcp.PSH|tcp.ACK, payload)
	if c.IntN(2) == 0 {
		c.segment(l, dissect.Server, tcp.ACK, nil)
	}
}

func (c *chatter) server(l *line, payload []byte) {
	c.segment(l, dissect.Server, tcp.PSH|tcp.ACK, payload)
	c.segment(l, dissect.Client, tcp.ACK, nil)
}

func (c *chatter) masked(text string) []byte {
	h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true}
	binary.BigEndian.PutUint32(h.Key[:], c.Uint32())
	return dissect.AppendFrame(nil, h, []byte(text))
}

func plain(text string) []byte {
	return dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Text}, []byte(text))
}

func (c *chatter) word(most int) string {
	b := make([]byte, 1+c.IntN(most))
	for i := range b {
		b[i] = byte('a' + c.IntN(26))
	}
	return string(b)
}

// join has a connection's browser come into the chat.
func (c *chatter) join(port uint16, name string, others ...*line) *line {
	l := &line{port, [2]uint32{c.Uint32(), c.Uint32()}}
	c.segment(l, dissect.Client, tcp.SYN, nil)
	c.segment(l, dissect.Server, tcp.SYN|tcp.ACK, nil)
	c.segment(l, dissect.Client, tcp.ACK, nil)
	nonce := make([]byte, 16)
	binary.BigEndian.PutUint64(nonce, c.Uint64())
	key := base64.StdEncoding.EncodeToString(nonce)
	c.client(l, []byte("GET / HTTP/1.1\r\nHost: x\r\nX: "+c.word(500)+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "+key+"\r\n\r\n"))
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	c.server(l, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+base64.StdEncoding.EncodeToString(sum[:])+"\r\n\r\n"))
	c.client(l, c.masked(`{"type":"login","name":"`+name+`"}`))
	c.server(l, plain(`{"type":"user_list","user_list":[{"uid":1,"name":"`+c.word(150)+`"},{"uid":2,"name":"`+name+`"}]}`))
	for _, to := range append([]*line{l}, others...) {
		c.server(to, plain(`{"type":"login","uid":2,"name":"`+name+`","time":"2014-08-12 17:50:30"}`))
	}
	return l
}

func (c *chatter) say(l *line, text string, others ...*line) {
	c.client(l, c.masked(`{"type":"say","to_uid":"all","content":"`+text+`"}`))
	for _, to := range append([]*line{l}, others...) {
		c.server(to, plain(`{"type":"say","from_uid":2,"to_uid":"all","content":"`+text+`","time":"2014-08-12 17:51:02"}`))
	}
}

func randomPackets(seed uint64) *chatter {
	c := &chatter{Rand: rand.New(rand.NewPCG(seed, 1))}
	earlier := c.join(randomEarlier, c.word(20))
	c.say(earlier, c.word(20))
	c.first = len(c.packets)
	mine := c.join(uint16(32768+c.IntN(20000)), c.word(200), earlier)
	c.say(mine, c.word(300), earlier)
	return c
}

// beginRandom begins a lesson with such packets.
func beginRandom(t *testing.T, lang catalogue.Lang, seed uint64) *student {
	t.Helper()
	s := &student{t: t, lang: lang, packets: randomPackets(seed).packets}
	s.lesson = New(s.options())
	s.lesson.Scripted(randomEarlier)
	s.hear(s.lesson.Start())
	return s
}

// What is made up is a chat: nothing in it is asked about that was not captured, and
// the answers are those that its own numbers give.
func TestRandomLesson(t *testing.T) {
	for seed := range uint64(30) {
		s := beginRandom(t, catalogue.English, seed)
		for s.see(); !s.lesson.Over(); s.see() {
			if s.lesson.question == nil {
				t.Fatalf("seed %d: nothing more happens in step %s", seed, s.lesson.state.Step)
			}
			s.line(s.lesson.question.answer)
		}
		for _, o := range s.said {
			if unfilled.MatchString(o.Text) {
				t.Errorf("seed %d: %s", seed, o.Text)
			}
		}
	}
}
