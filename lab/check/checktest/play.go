package checktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// Browser is how a browser asks.
type Browser string

// Two browsers of 2025.
const (
	Firefox Browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\nAccept: */*\r\n" +
		"Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:55151\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: KEY\r\nConnection: keep-alive, Upgrade\r\nSec-Fetch-Dest: empty\r\n" +
		"Sec-Fetch-Mode: websocket\r\nSec-Fetch-Site: same-site\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUpgrade: websocket\r\n\r\n"
	Chrome Browser = "Connection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 " +
		"(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\nOrigin: http://127.0.0.1:55151\r\nSec-WebSocket-Version: 13\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: KEY\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)

// Cast says who plays, and how.
type Cast struct {
	Today     bool // today's dialect
	PHP       bool // the PHP original serves: its header, its double escapes, its order
	Browser   Browser
	Extra     string // header fields in the server's response
	Nick      string
	Message   string
	Alone     bool   // no other browser
	Port      uint16 // of the newcomer, or the documented one
	MSS       int
	Quiet     bool
	Apart     bool // the other browser is in another room
	BadAccept bool
}

// Play plays the scenario and gives the newcomer's connection.
func (s *Scene) Play(c Cast) (newcomer, other *Conn) {
	if c.Nick == "" {
		c.Nick = scenario.Nick
	}
	if c.Message == "" {
		c.Message = scenario.Message
	}
	if c.Port == 0 {
		c.Port = scenario.NewcomerPort
	}
	if !c.Alone {
		other = s.Conn(scenario.EarlierPort)
		s.Enter(other, c)
		room := 1
		if c.Apart {
			room = 2
		}
		s.Login(other, nil, scenario.EarlierNick, room, c)
	}
	s.Pass(time.Minute)
	newcomer = s.Conn(c.Port)
	newcomer.MSS, newcomer.Quiet = c.MSS, c.Quiet
	s.Enter(newcomer, c)
	s.Pass(time.Second)
	hearing := other
	if c.Apart {
		hearing = nil
	}
	s.Login(newcomer, hearing, c.Nick, 1, c)
	s.Pass(time.Second)
	s.Speak(newcomer, hearing, c.Nick, c.Message, c)
	return newcomer, other
}

// Enter opens a WebSocket.
func (s *Scene) Enter(n *Conn, c Cast) {
	if c.Browser == "" {
		c.Browser = Firefox
	}
	key := fmt.Sprintf("dGhlIHNhbXBsZSB%07d==", uint64(n.Ports[0])+s.random(9_000_000))
	n.Open()
	n.Data(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n"+strings.Replace(string(c.Browser), "KEY", key, 1))
	accept := dissect.Accept(key)
	if c.BadAccept {
		accept = dissect.Accept(key + " ")
	}
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + accept + "\r\n" + c.Extra
	if c.PHP {
		response += "Server: workerman/4.2.1\r\n"
	}
	n.Data(server, response+"\r\n")
}

// text is a JSON string as PHP writes it, near enough.
func text(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("/", `\/`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace(s)
}

// UID gives the id that the server gave to who is on the connection.
func (n *Conn) UID(c Cast) string {
	if c.Today {
		return fmt.Sprintf("7f00000108fc%08d", n.Ports[0])
	}
	return fmt.Sprintf("7837%d", n.Ports[0])
}

// Login logs n in; other, if not nil, hears of it.
func (s *Scene) Login(n, other *Conn, nick string, room int, c Cast) {
	if !c.Today {
		n.Say(client, `{"type":"login","name":`+text(nick)+`}`)
		list := `{"uid":` + n.UID(c) + `,"name":` + text(escaped(nick)) + `}`
		if other != nil {
			list = `{"uid":` + other.UID(c) + `,"name":"\u732a\u732a"},` + list
		}
		n.Say(server, `{"type":"user_list","user_list":[`+list+`]}`)
		event := `{"type":"login","uid":` + n.UID(c) + `,"name":` + text(escaped(nick)) + `,"time":"2014-08-12 17:50:30"}`
		n.Say(server, event)
		if other != nil {
			other.Say(server, event)
		}
		return
	}
	n.Say(client, fmt.Sprintf(`{"type":"login","client_name":%s,"room_id":%d}`, text(nick), room))
	name := escaped(nick)
	if c.PHP {
		name = escaped(name)
	}
	event := `{"type":"login","client_id":"` + n.UID(c) + `","client_name":` + text(name) + `,"time":"2026-11-24 09:01:01"`
	list := `"` + n.UID(c) + `":` + text(escaped(nick))
	if other != nil {
		other.Say(server, event+"}")
		list = `"` + other.UID(c) + `":"\u732a\u732a",` + list
	}
	n.Say(server, event+`,"client_list":{`+list+`}}`)
}

// Speak says something to all; other, if not nil, hears it.
func (s *Scene) Speak(n, other *Conn, nick, message string, c Cast) {
	var event string
	if c.Today {
		n.Say(client, `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":`+text(message)+`}`)
		event = `{"type":"say","from_client_id":"` + n.UID(c) + `","from_client_name":` + text(escaped(nick)) +
			`,"to_client_id":"all","content":` + text(escaped(message)) + `,"time":"2026-11-24 09:01:02"}`
	} else {
		n.Say(client, `{"type":"say","to_uid":"all","content":`+text(message)+`}`)
		event = `{"type":"say","from_uid":` + n.UID(c) + `,"to_uid":"all","content":` + text(escaped(message)) + `,"time":"2014-08-12 :51:02"}`
	}
	if c.PHP && other != nil {
		other.Say(server, event)
	}
	n.Say(server, event)
	if !c.PHP && other != nil {
		other.Say(server, event)
	}
}
