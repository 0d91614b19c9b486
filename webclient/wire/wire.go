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
	done          chan struct{} // closed when the viewers are to go

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
	w.Show(Describe(e, w.annotator.Add(e)))
}

// Show shows a packet that is described already, of whatever port, to all viewers.
// One Packet can be shown by several wires. It does not wait for any viewer.
func (w *Wire) Show(p *Packet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ring.add(p)
	w.notify()
}

// Run feeds the packets of src until src ends or fails, or ctx is done. The wire's
// status shows whether it runs. ctx cannot interrupt a Read: close src when ctx is
// done. Run returns nil at the end of src, when src was closed and when ctx is done.
func (w *Wire) Run(ctx context.Context, src capture.Source) error {
	return w.RunFeeding(ctx, src, w.Feed)
}

// RunFeeding is Run for packets that go by somebody who shows what is to be shown.
func (w *Wire) RunFeeding(ctx context.Context, src capture.Source, feed func(*capture.Packet)) error {
	w.SetStatus(Status{Running: true})
	defer w.SetStatus(Status{ended: true})
	for p, err := range capture.All(src) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		feed(p)
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

// Close closes all viewers with 1001 (RFC 6455 §7.4.1) and admits no more.
func (w *Wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		close(w.done)
	}
	return nil
}

// Dismiss closes the viewers of now with 1012, which tells them to come again: what
// they may see has changed. 1012 is registered (RFC 6455 §11.7) for a restart.
func (w *Wire) Dismiss() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		close(w.done)
		w.done = make(chan struct{})
	}
}

// Share shows the packets to browsers on other machines too, or no longer: those that
// are shown them now are dismissed.
func (w *Wire) Share(on bool) {
	w.mu.Lock()
	w.options.Share = on
	w.mu.Unlock()
	w.Dismiss()
}

// ServeHTTP answers a viewer's handshake and shows it packets until either side
// closes. A viewer that is refused does not count among Options.Viewers.
func (w *Wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.Serve(rw, r, Scope{})
}

// Serve is ServeHTTP for a viewer that is told what it sees.
func (w *Wire) Serve(rw http.ResponseWriter, r *http.Request, s Scope) {
	shared, done := w.now()
	local := sameMachine(r)
	addr, own := requestedHost(r.Host)
	switch {
	case len(r.Header.Values("Origin")) > 1: // Accept would look at the first
		http.Error(rw, "more than one Origin header", http.StatusForbidden)
	case !local && !shared:
		w.refuse(rw, r, "local-only")
	case !own && !addr.IsValid() && !fromTLS(r):
		w.refuse(rw, r, "by-name")
	default:
		w.serve(rw, r, local, hello{"hello", w.run, shared, w.options.Port, s}, done)
	}
}

// Scope is what a viewer is told of the packets that it sees.
type Scope struct {
	// Name is whose packets they are, "own" or "all", and Choices those that the
	// viewer may choose from.
	Name    string   `json:"scope,omitempty"`
	Choices []string `json:"scopes,omitempty"`
	// Stage is where they pass: "host", "namespace" or "userspace".
	Stage string `json:"stage,omitempty"`
}

// ServeAllowed serves a viewer that the caller allows to see the packets, wherever it
// is. It still refuses pages of other origins.
func (w *Wire) ServeAllowed(rw http.ResponseWriter, r *http.Request, s Scope) {
	if len(r.Header.Values("Origin")) > 1 {
		http.Error(rw, "more than one Origin header", http.StatusForbidden)
		return
	}
	_, done := w.now()
	w.serve(rw, r, sameMachine(r), hello{"hello", w.run, false, w.options.Port, s}, done)
}

func (w *Wire) serve(rw http.ResponseWriter, r *http.Request, local bool, h hello, done <-chan struct{}) {
	leave := w.admit(local)
	if leave == nil {
		http.Error(rw, "too many viewers", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.serveViewer(rw, r, h, done)
}

// Shared tells whether the packets are shown to browsers on other machines too.
func (w *Wire) Shared() bool {
	shared, _ := w.now()
	return shared
}

// Allows tells whether ServeHTTP would show a request's browser the packets.
func (w *Wire) Allows(r *http.Request) bool {
	addr, own := requestedHost(r.Host)
	return (w.Shared() || sameMachine(r)) && (own || addr.IsValid() || fromTLS(r))
}

// now tells whether the packets are shared, and gives what is closed when viewers
// that come under this rule are to go.
func (w *Wire) now() (shared bool, done <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.options.Share, w.done
}

func (w *Wire) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
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
