package wire

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"chatlab/sniffer/catalogue"
)

const (
	batch     = 200              // packets a message, at most
	writeTime = 30 * time.Second // that a viewer may take for one
	maxAsk    = 1 << 10          // bytes of what a viewer may say at a time
)

// The messages that a viewer gets, told apart by "type".
type (
	// hello comes first. Packets of another run have other numbers.
	hello struct {
		Type   string `json:"type"`
		Run    string `json:"run"`
		Shared bool   `json:"shared"`
		Port   uint16 `json:"port"`
	}
	// refusal comes instead, and then the end.
	refusal struct {
		Type string `json:"type"`
	}
	// status comes after hello and whenever it changes. Text is empty where the
	// page's own words do.
	status struct {
		Type    string   `json:"type"`
		Running bool     `json:"running"`
		Ended   bool     `json:"ended,omitempty"` // it was running
		Text    []string `json:"text,omitempty"`
	}
	// packets come in the order of their numbers; Lost of them are missing
	// before the first.
	packets struct {
		Type    string            `json:"type"`
		Lost    int64             `json:"lost,omitempty"`
		Packets []json.RawMessage `json:"packets"`
	}
	// comments are those of packets that were sent before, in the language that
	// the viewer has asked for since.
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

// viewer is one page that looks on.
type viewer struct {
	wire *Wire
	conn *websocket.Conn
	at   int64 // the number of the next packet to send
	said int   // which status it knows, -1 for none yet

	mu    sync.Mutex
	lang  catalogue.Lang
	asked chan struct{} // that another language was asked for
}

// view answers the handshake. Pages of other origins are refused with 403 by
// websocket.Accept, which compares Origin and Host.
func (w *Wire) view(rw http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(rw, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxAsk)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	v := &viewer{wire: w, conn: conn, lang: catalogue.English, said: -1, asked: make(chan struct{}, 1)}
	q := r.URL.Query()
	v.ask(q.Get("lang"))
	if n, err := strconv.ParseInt(q.Get("after"), 10, 64); err == nil && q.Get("run") == w.run && n >= 0 {
		v.at = n + 1
	}
	go func() {
		defer cancel()
		v.listen(ctx)
	}()
	if err := v.send(ctx, hello{"hello", w.run, w.options.Share, w.options.Port}); err != nil {
		return
	}
	if v.show(ctx) == errClosing {
		conn.Close(websocket.StatusGoingAway, "")
	}
}

type closing struct{}

func (closing) Error() string { return "closing" }

var errClosing = closing{}

// show sends news until the viewer goes.
func (v *viewer) show(ctx context.Context) error {
	w := v.wire
	for {
		lang := v.language()
		w.mu.Lock()
		changed := w.changed
		if v.at == 0 || v.at > w.ring.next() {
			v.at = max(w.ring.first, 1) // what was before it came is not lost to it
		}
		items, lost := w.ring.from(v.at, batch)
		// The slice's array is the ring's: it may be moved, not written again,
		// except that dropped packets become nil.
		items = slices.Clone(items)
		now, said := w.status, w.ring.statuses
		w.mu.Unlock()
		if said != v.said {
			v.said = said
			if err := v.sendStatus(ctx, now, lang); err != nil {
				return err
			}
		}
		if len(items) > 0 || lost > 0 {
			m := packets{Type: "packets", Lost: lost}
			for _, p := range items {
				m.Packets = append(m.Packets, p.in(lang))
			}
			v.at += lost + int64(len(items))
			if err := v.send(ctx, m); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.done:
			return errClosing
		case <-v.asked:
			if err := v.translate(ctx, now); err != nil {
				return err
			}
		case <-changed:
		}
	}
}

func (v *viewer) sendStatus(ctx context.Context, s Status, lang catalogue.Lang) error {
	m := status{Type: "status", Running: s.Running, Ended: s.ended}
	if !s.Running && s.Explain != nil {
		m.Text = s.Explain(lang)
	}
	return v.send(ctx, m)
}

// translate sends the comments again, of all packets that the viewer has and the
// ring still has.
func (v *viewer) translate(ctx context.Context, s Status) error {
	lang := v.language()
	if err := v.sendStatus(ctx, s, lang); err != nil {
		return err
	}
	for at := int64(1); ; {
		v.wire.mu.Lock()
		items, lost := v.wire.ring.from(at, batch)
		items = slices.Clone(items)
		v.wire.mu.Unlock()
		m := comments{Type: "comments"}
		for _, p := range items {
			if p.N < v.at {
				m.Comments = append(m.Comments, commentText{p.N, p.comment.Title(lang), p.comment.Lines(lang)})
			}
		}
		if len(m.Comments) == 0 {
			return nil
		}
		if err := v.send(ctx, m); err != nil {
			return err
		}
		at += lost + int64(len(items))
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

// listen takes what the viewer says: the language that it wants to read.
func (v *viewer) listen(ctx context.Context) {
	for {
		_, data, err := v.conn.Read(ctx)
		if err != nil {
			return
		}
		var m struct {
			Lang string `json:"lang"`
		}
		if json.Unmarshal(data, &m) == nil && v.ask(m.Lang) {
			select {
			case v.asked <- struct{}{}:
			default: // it is known already
			}
		}
	}
}

// ask takes another language, if it is one of ours.
func (v *viewer) ask(lang string) bool {
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
