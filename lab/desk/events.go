package desk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

const (
	// writeTime is how long a page may take to read an event, quiet after how many
	// ticks without one it is sent a comment, so that either side notices the other's end.
	writeTime = 20 * time.Second
	quiet     = 15
)

// events sends what state gives, whenever it has changed since the last tick, until
// the page or the desk goes (Server-Sent Events, HTML §9.2). state is called with mu
// held.
func (d *Desk) events(w http.ResponseWriter, r *http.Request, state func() any) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would gather them
	out := http.NewResponseController(w)
	var sent []byte
	for silent := 0; ; silent++ {
		d.mu.Lock()
		ticked, ended := d.ticked, d.ended
		data, err := json.Marshal(state())
		d.mu.Unlock()
		if err != nil || ended {
			return
		}
		switch {
		case !bytes.Equal(data, sent):
			sent = data
			data = append(append([]byte("data: "), data...), "\n\n"...)
		case silent >= quiet:
			data = []byte(":\n\n")
		default:
			data = nil
		}
		if data != nil {
			silent = 0
			out.SetWriteDeadline(time.Now().Add(writeTime)) // a socket's deadline follows no other clock
			if _, err := w.Write(data); err != nil || out.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-ticked:
		}
	}
}
