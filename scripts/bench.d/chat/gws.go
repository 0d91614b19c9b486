package main

import (
	"net"

	"github.com/lxzan/gws"
)

type gwsHandler struct {
	gws.BuiltinEventHandler
	hub *hub[*gws.Conn]
}

func (h *gwsHandler) OnMessage(c *gws.Conn, m *gws.Message) {
	defer m.Close()
	h.hub.message(c, m.Bytes())
}

func (h *gwsHandler) OnClose(c *gws.Conn, _ error) { h.hub.leave(c) }

// serveGWS is a hub on gws as its documentation has it: a Broadcaster makes the
// frame once, each connection writes it from a queue of its own.
func serveGWS(ln net.Listener) error {
	h := &gwsHandler{hub: newHub(func(to []*gws.Conn, payload []byte) {
		b := gws.NewBroadcaster(gws.OpcodeText, payload)
		defer b.Close()
		for _, c := range to {
			b.Broadcast(c)
		}
	})}
	return gws.NewServer(h, &gws.ServerOption{}).RunListener(ln)
}
