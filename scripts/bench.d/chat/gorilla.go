package main

import (
	"net"
	"net/http"

	"github.com/gorilla/websocket"
)

type gorillaConn struct {
	ws   *websocket.Conn
	send chan *websocket.PreparedMessage
}

// serveGorilla is a hub on gorilla as its chat example has it, with prepared
// messages: each connection has a channel and a goroutine that writes. Nobody is
// dropped; a full channel makes the hub wait.
func serveGorilla(ln net.Listener) error {
	h := newHub(func(to []*gorillaConn, payload []byte) {
		m, err := websocket.NewPreparedMessage(websocket.TextMessage, payload)
		if err != nil {
			panic(err)
		}
		for _, c := range to {
			c.send <- m
		}
	})
	up := websocket.Upgrader{ReadBufferSize: 2048, WriteBufferSize: 512, CheckOrigin: func(*http.Request) bool { return true }}
	return http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c := &gorillaConn{ws, make(chan *websocket.PreparedMessage, 256)}
		go func() {
			for m := range c.send {
				ws.WritePreparedMessage(m)
			}
		}()
		for {
			_, p, err := ws.ReadMessage()
			if err != nil {
				break
			}
			h.message(c, p)
		}
		h.leave(c)
		close(c.send)
		ws.Close()
	}))
}
