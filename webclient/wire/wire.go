// Package wire shows live packets and their explanation to the page, over a
// WebSocket.
//
// Every packet that is fed is dissected, commented and kept in a ring buffer. Each
// viewer has a position in the ring and is sent what follows, as fast as it reads. A
// viewer that is slower than the packets come misses the oldest of them, and is told
// how many. Nothing waits for it, and it costs no memory. A viewer that comes late
// gets what the ring still has.
//
// The packets have everybody's messages, so only browsers on this machine are shown
// them unless Options.Share is set. A request through a proxy or a tunnel counts as
// another machine's. One by a name that is not this machine's is refused in either
// case.
package wire

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// Options are a wire's settings. The zero value is ready for use.
type Options struct {
	// Port is the TCP port whose packets are shown; others are left out, above
	// all those of the wire's own connections. 0: the chat's, chat.Port.
	Port uint16
	// Share shows the packets to browsers on other machines too.
	Share bool
	// Packets and Bytes bound what is kept for late and slow viewers. 0: 5000
	// packets, 32 MiB.
	Packets, Bytes int
	// Viewers bounds the viewers on this machine, and separately those on others.
	// More are refused with 503. 0: 256.
	Viewers int
}

// Status says whether packets come.
type Status struct {
	// Running tells that there is a source, and it has not ended.
	Running bool
	// Explain returns why it is not running and what to do, a sentence a line. nil:
	// the page has its own text for a wire without a packet source.
	Explain func(catalogue.Lang) []string

	ended bool // there was a source
}

// Wire is an http.Handler that shows viewers the packets that it is fed.
type Wire struct {
	options Options
	run     string // distinguishes this wire's packet numbers from another's

	feeding   sync.Mutex // guards the next three
	segment   dissect.Segment
	tracker   dissect.Tracker
	annotator annotate.Annotator

	mu            sync.Mutex // guards what follows
	ring          ring
	status        Status
	statusChanges int
	changed       chan struct{} // closed and replaced when there is news
	localViewers  int           // those on this machine
	remoteViewers int
	closed        bool
	done          chan struct{}

	refusals chan struct{} // one for each viewer that is being refused
}

// New makes a wire that has no packet source yet.
func New(o Options) *Wire {
	if o.Port == 0 {
		o.Port = chat.Port
	}
	if o.Packets == 0 {
		o.Packets = 5000
	}
	if o.Bytes == 0 {
		o.Bytes = 32 << 20
	}
	if o.Viewers == 0 {
		o.Viewers = 256
	}
	return &Wire{
		options: o, run: rand.Text()[:12],
		tracker: dissect.Tracker{ServerPort: o.Port},
		// The page shows the tracker's numbers beside the comment.
		annotator: annotate.Annotator{Ack: func(e *dissect.Event) uint32 { return e.RelAck }},
		ring:      ring{maxPackets: o.Packets, maxBytes: o.Bytes},
		changed:   make(chan struct{}), done: make(chan struct{}),
		refusals: make(chan struct{}, maxRefusals),
	}
}

// Feed shows a packet to all viewers, if it is one of the port's. It does not
// wait for any of them and keeps nothing of p.
func (w *Wire) Feed(p *capture.Packet) {
	w.feeding.Lock()
	defer w.feeding.Unlock()
	s := &w.segment
	if s.Decode(p) != nil || s.Src.Port() != w.options.Port && s.Dst.Port() != w.options.Port {
		return
	}
	e := w.tracker.Add(s)
	item := describe(e, w.annotator.Add(e))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ring.add(item)
	w.notify()
}

// Run feeds the packets of src until src ends or fails, or ctx is done. The wire's
// status shows whether it runs. ctx cannot interrupt a Read: close src when ctx is
// done. Run returns nil at the end of src, when src was closed and when ctx is done.
func (w *Wire) Run(ctx context.Context, src capture.Source) error {
	w.SetStatus(Status{Running: true})
	defer w.SetStatus(Status{ended: true})
	for p, err := range capture.All(src) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		w.Feed(p)
	}
	return nil
}

// SetStatus tells the viewers whether packets come. It is for what Run does not know:
// why there is no source, or why it failed.
func (w *Wire) SetStatus(s Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status = s
	w.statusChanges++
	w.notify()
}

// notify wakes the viewers. It must be called with mu held.
func (w *Wire) notify() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// Close closes all viewers and admits no more.
func (w *Wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		close(w.done)
	}
	return nil
}

// ServeHTTP answers a viewer's handshake and shows it packets until either side
// closes. A viewer that is refused does not count among Options.Viewers.
func (w *Wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if len(r.Header.Values("Origin")) > 1 { // Accept would look at the first
		http.Error(rw, "more than one Origin header", http.StatusForbidden)
		return
	}
	local := sameMachine(r)
	if !local && !w.options.Share {
		w.refuse(rw, r, "local-only")
		return
	}
	if addr, own := requestedHost(r.Host); !own && !addr.IsValid() && !fromTLS(r) {
		w.refuse(rw, r, "by-name")
		return
	}
	leave := w.admit(local)
	if leave == nil {
		http.Error(rw, "too many viewers", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.serveViewer(rw, r)
}

// admit counts one more viewer, local or remote. It returns what ends that, or nil if
// there are too many.
func (w *Wire) admit(local bool) (leave func()) {
	viewers := &w.remoteViewers
	if local {
		viewers = &w.localViewers
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || *viewers >= w.options.Viewers {
		return nil
	}
	*viewers++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		*viewers--
	}
}
