package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"chatlab/sniffer/catalogue"
)

const (
	batch      = 200              // packets in a message, at most
	writeTime  = 30 * time.Second // that a viewer may take to read a message
	maxRequest = 1 << 10          // bytes of a viewer's message
)

// The messages that a viewer gets, told apart by "type".
type (
	// hello comes first. Packets of another run have other numbers.
	hello struct {
		Type   string `json:"type"`
		Run    string `json:"run"`
		Shared bool   `json:"shared"`
		Port   uint16 `json:"port"`
		Scope
	}
	// refusal comes instead, and then a Close frame.
	refusal struct {
		Type string `json:"type"`
	}
	// status comes after hello and whenever it changes. Without Text the page shows
	// its own.
	status struct {
		Type    string   `json:"type"`
		Running bool     `json:"running"`
		Ended   bool     `json:"ended,omitempty"` // it was running
		Text    []string `json:"text,omitempty"`
	}
	// packets come in the order of their numbers. Lost are those missing before the
	// first.
	packets struct {
		Type    string            `json:"type"`
		Lost    int64             `json:"lost,omitempty"`
		Packets []json.RawMessage `json:"packets"`
	}
	// comments are those of packets that were sent before, in a language that the
	// viewer has chosen since.
	comments struct {
		Type     string        `json:"type"`
		Comments []commentText `json:"comments"`
	}
	commentText struct {
		N     int64    `json:"n"`
		Title string   `json:"title"`
		Lines []string `json:"lines"`
	}
)

// viewer is one page that is shown the packets.
type viewer struct {
	wire       *Wire
	conn       *websocket.Conn
	done       <-chan struct{} // closed when it is to go
	next       int64           // the number of the next packet to send
	statusSent int             // Wire.statusChanges at the last status sent, -1 before it

	mu          sync.Mutex
	lang        catalogue.Lang
	langChanged chan struct{}
}

// serveViewer answers the handshake and shows packets.
func (w *Wire) serveViewer(rw http.ResponseWriter, r *http.Request, h hello, done <-chan struct{}) {
	conn, err := websocket.Accept(rw, r, acceptOptions(r))
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxRequest)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	v := &viewer{wire: w, conn: conn, done: done, lang: catalogue.English, statusSent: -1, langChanged: make(chan struct{}, 1)}
	q := r.URL.Query()
	v.setLang(q.Get("lang"))
	if n, err := strconv.ParseInt(q.Get("after"), 10, 64); err == nil && q.Get("run") == w.run && n >= 0 {
		v.next = n + 1
	}
	go func() {
		defer cancel()
		v.readRequests(ctx)
	}()
	if err := v.send(ctx, h); err != nil {
		return
	}
	switch v.writeLoop(ctx) {
	case errClosing:
		conn.Close(websocket.StatusGoingAway, "")
	case errDismissed:
		conn.Close(websocket.StatusServiceRestart, "")
	}
}

var (
	errClosing   = errors.New("closing")
	errDismissed = errors.New("dismissed")
)

// writeLoop sends what is new until the viewer or the wire closes.
func (v *viewer) writeLoop(ctx context.Context) error {
	for {
		n := v.news()
		if n.statusChanges != v.statusSent {
			v.statusSent = n.statusChanges
			if err := v.sendStatus(ctx, n.status, n.lang); err != nil {
				return err
			}
		}
		if len(n.packets) > 0 || n.lost > 0 {
			m := packets{Type: "packets", Lost: n.lost}
			v.next += n.lost
			for _, p := range n.packets {
				m.Packets = append(m.Packets, p.encode(v.next, n.lang))
				v.next++
			}
			if err := v.send(ctx, m); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-v.done:
			if v.wire.isClosed() {
				return errClosing
			}
			return errDismissed
		case <-v.langChanged:
			if err := v.translate(ctx, n.status); err != nil {
				return err
			}
		case <-n.changed:
		}
	}
}

// news is what a viewer has not been sent yet.
type news struct {
	lang          catalogue.Lang
	status        Status
	statusChanges int
	packets       []*Packet
	lost          int64           // packets that the ring has dropped, before these
	changed       <-chan struct{} // closed when there is more
}

func (v *viewer) news() news {
	n := news{lang: v.language()}
	w := v.wire
	w.mu.Lock()
	defer w.mu.Unlock()
	n.status, n.statusChanges, n.changed = w.status, w.statusChanges, w.changed
	if v.next == 0 || v.next > w.ring.next() {
		v.next = max(w.ring.first, 1) // what was before it came is not lost to it
	}
	n.packets, n.lost = w.ring.from(v.next, batch)
	return n
}

func (v *viewer) sendStatus(ctx context.Context, s Status, lang catalogue.Lang) error {
	m := status{Type: "status", Running: s.Running, Ended: s.ended}
	if !s.Running && s.Explain != nil {
		m.Text = s.Explain(lang)
	}
	return v.send(ctx, m)
}

// translate sends the comments of all packets that the viewer and the ring have, in
// the viewer's new language.
func (v *viewer) translate(ctx context.Context, s Status) error {
	lang := v.language()
	if err := v.sendStatus(ctx, s, lang); err != nil {
		return err
	}
	for at := int64(1); ; {
		v.wire.mu.Lock()
		items, lost := v.wire.ring.from(at, batch)
		v.wire.mu.Unlock()
		m := comments{Type: "comments"}
		at += lost
		for _, p := range items {
			if at < v.next {
				m.Comments = append(m.Comments, commentText{at, p.comment.Title(lang), p.comment.Lines(lang)})
			}
			at++
		}
		if len(m.Comments) == 0 {
			return nil
		}
		if err := v.send(ctx, m); err != nil {
			return err
		}
	}
}

func (v *viewer) send(ctx context.Context, m any) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return v.conn.Write(ctx, websocket.MessageText, data)
}

// readRequests reads what the viewer asks for: the language that it wants to read.
func (v *viewer) readRequests(ctx context.Context) {
	for {
		_, data, err := v.conn.Read(ctx)
		if err != nil {
			return
		}
		var m struct {
			Lang string `json:"lang"`
		}
		if json.Unmarshal(data, &m) == nil && v.setLang(m.Lang) {
			select {
			case v.langChanged <- struct{}{}:
			default: // writeLoop is to see it already
			}
		}
	}
}

// setLang sets the language, and reports whether it is one of ours.
func (v *viewer) setLang(lang string) bool {
	if !slices.Contains(catalogue.Langs, catalogue.Lang(lang)) {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lang = catalogue.Lang(lang)
	return true
}

func (v *viewer) language() catalogue.Lang {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.lang
}
