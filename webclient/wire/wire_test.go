package wire

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// message is any that a viewer gets.
type message struct {
	Type    string
	Run     string
	Shared  bool
	Running bool
	Ended   bool
	Text    []string
	Lost    int64
	Scope
	Packets  []testPacket
	Comments []commentText
}

// testPacket is a packet as a viewer gets it.
type testPacket struct {
	N int64 `json:"n"`
	Packet
}

type testViewer struct {
	t    *testing.T
	conn *websocket.Conn
}

func look(t *testing.T, url, query string) *testViewer {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), url+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	return &testViewer{t, conn}
}

func (v *testViewer) next() message {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), time.Minute)
	defer cancel()
	_, data, err := v.conn.Read(ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		v.t.Fatal(err)
	}
	return m
}

// packets reads until n packets have come, and gives them and how many were lost.
func (v *testViewer) packets(n int) (all []testPacket, lost int64) {
	v.t.Helper()
	for len(all) < n {
		m := v.next()
		all, lost = append(all, m.Packets...), lost+m.Lost
	}
	return all, lost
}

func documented(t *testing.T) []capture.Packet {
	t.Helper()
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}

func feed(w *Wire, packets []capture.Packet) {
	for i := range packets {
		w.Feed(&packets[i])
	}
}

func TestViewersSeeTheDocumentedPackets(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	early := look(t, s.URL, "?lang=fr")
	if m := early.next(); m.Type != "hello" || m.Shared {
		t.Fatalf("first comes %+v", m)
	}
	if m := early.next(); m.Type != "status" || m.Running {
		t.Fatalf("then comes %+v", m)
	}
	w.SetStatus(Status{Running: true})
	if m := early.next(); m.Type != "status" || !m.Running {
		t.Fatalf("then comes %+v", m)
	}
	feed(w, documented(t))
	packets, lost := early.packets(34)
	late, _ := look(t, s.URL, "").packets(34)
	if lost != 0 || len(packets) != 34 || len(late) != 34 {
		t.Fatalf("%d packets, %d for the latecomer, %d lost", len(packets), len(late), lost)
	}
	for i := range packets {
		if packets[i].N != int64(i+1) || len(packets[i].Lines) == 0 || packets[i].Lines[0] == late[i].Lines[0] {
			t.Errorf("packet %d: number %d, %q and %q", i+1, packets[i].N, packets[i].Lines, late[i].Lines)
		}
	}
	say := &packets[29] // mynick's message, the documented packet 15
	if !strings.Contains(strings.Join(say.Lines, " "), "hi,  all !") || say.Step != "say" || !say.FromClient ||
		say.Name != "mynick" || say.ID != "783700053" || say.Units[0].At != say.Offsets[2] || say.Units[0].Size != 58 {
		t.Errorf("the message: %+v", say)
	}
}

func TestAnotherLanguage(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	w.SetStatus(Status{Explain: func(l catalogue.Lang) []string { return []string{"why " + string(l)} }})
	feed(w, documented(t))
	v := look(t, s.URL, "?lang=en")
	v.next()
	if m := v.next(); len(m.Text) != 1 || m.Text[0] != "why en" {
		t.Fatalf("got %+v", m)
	}
	packets, _ := v.packets(34)
	if err := v.conn.Write(t.Context(), websocket.MessageText, []byte(`{"lang":"zh"}`)); err != nil {
		t.Fatal(err)
	}
	if m := v.next(); len(m.Text) != 1 || m.Text[0] != "why zh" {
		t.Fatalf("got %+v", m)
	}
	m := v.next()
	if m.Type != "comments" || len(m.Comments) != 34 || m.Comments[0].Title == packets[0].Title {
		t.Errorf("got %s with %d comments", m.Type, len(m.Comments))
	}
	// What is no language is not listened to.
	for _, nonsense := range []string{`{"lang":"tlh"}`, `{`, `[]`, `{"lang":"en"}`} {
		if err := v.conn.Write(t.Context(), websocket.MessageText, []byte(nonsense)); err != nil {
			t.Fatal(err)
		}
	}
	if m := v.next(); len(m.Text) != 1 || m.Text[0] != "why en" {
		t.Errorf("got %+v", m)
	}
}

// A viewer that does not keep up loses the oldest packets, is told how many, and
// holds up nobody.
func TestSlowViewerIsToldWhatItLost(t *testing.T) {
	w := New(Options{Packets: 50})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	packets := documented(t)
	v := look(t, s.URL, "")
	v.next() // it stands at the first packet
	v.next()
	// The kernel's buffers take a good deal before the viewer counts as slow.
	big := packets[29]
	big.Data = append(append([]byte{}, big.Data...), make([]byte, 60000)...)
	const sent = 600
	for range sent {
		w.Feed(&big)
	}
	var got, lost int64
	for got+lost < sent {
		m := v.next()
		if len(m.Packets) > 0 && m.Packets[0].N != got+lost+m.Lost+1 {
			t.Fatalf("packet %d comes after %d and %d lost", m.Packets[0].N, got+lost, m.Lost)
		}
		got, lost = got+int64(len(m.Packets)), lost+m.Lost
	}
	if lost == 0 {
		t.Errorf("all of %d packets came through a ring of 50", got)
	}
	if len(w.ring.items) > 50 || w.ring.bytes > w.options.Bytes {
		t.Errorf("the ring holds %d packets, %d bytes", len(w.ring.items), w.ring.bytes)
	}
}

func TestRingIsBoundedByBytes(t *testing.T) {
	w := New(Options{Bytes: 100000})
	packets := documented(t)
	for range 100 {
		feed(w, packets)
	}
	if w.ring.bytes > 100000 || len(w.ring.items) == 0 {
		t.Errorf("%d packets of %d bytes", len(w.ring.items), w.ring.bytes)
	}
	if got := w.ring.next(); got != 3401 {
		t.Errorf("the next number is %d", got)
	}
}

func TestViewerComesBack(t *testing.T) {
	w := New(Options{Packets: 20})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	feed(w, documented(t)) // 15 to 34 are kept
	v := look(t, s.URL, "")
	run := v.next().Run
	if got, lost := v.packets(20); got[0].N != 15 || lost != 0 {
		t.Errorf("begins at %d with %d lost", got[0].N, lost)
	}
	if got, lost := look(t, s.URL, "?after=30&run="+run).packets(4); got[0].N != 31 || lost != 0 {
		t.Errorf("goes on at %d with %d lost", got[0].N, lost)
	}
	if got, lost := look(t, s.URL, "?after=3&run="+run).packets(20); got[0].N != 15 || lost != 11 {
		t.Errorf("goes on at %d with %d lost", got[0].N, lost)
	}
	if got, _ := look(t, s.URL, "?after=30&run=another").packets(20); got[0].N != 15 {
		t.Errorf("another run's viewer begins at %d", got[0].N)
	}
	if got, _ := look(t, s.URL, "?after=99999&run="+run).packets(20); got[0].N != 15 {
		t.Errorf("a viewer from the future begins at %d", got[0].N)
	}
}

func TestOnlyThePortIsShown(t *testing.T) {
	w := New(Options{Port: 55151})
	feed(w, documented(t))
	w.Feed(&capture.Packet{LinkType: capture.Ethernet, Data: []byte{1, 2, 3}})
	if len(w.ring.items) != 0 {
		t.Errorf("%d packets of another port", len(w.ring.items))
	}
}

func TestOnlyThisMachineLooks(t *testing.T) {
	for _, tt := range []struct {
		name, peer, host, origin string
		share                    bool
		want                     string
	}{
		{"this machine", "127.0.0.1:5", "127.0.0.1:55151", "http://127.0.0.1:55151", false, "hello"},
		{"by IPv6", "[::1]:5", "localhost:55151", "http://localhost:55151", false, "hello"},
		{"by its own address", "192.0.2.1:5", "192.0.2.1:55151", "http://192.0.2.1:55151", false, "hello"},
		{"another machine", "192.0.2.9:5", "192.0.2.1:55151", "http://192.0.2.1:55151", false, "local-only"},
		{"another machine, shared", "192.0.2.9:5", "192.0.2.1:55151", "http://192.0.2.1:55151", true, "hello"},
		{"a foreign name for this machine", "127.0.0.1:5", "evil.example:55151", "http://evil.example:55151", false, "local-only"},
		{"a foreign page", "127.0.0.1:5", "127.0.0.1:55151", "http://evil.example", false, "403"},
		{"a foreign page, shared", "192.0.2.9:5", "192.0.2.1:55151", "http://evil.example", true, "403"},
		{"no page", "127.0.0.1:5", "127.0.0.1:55151", "", false, "hello"},
	} {
		w := New(Options{Share: tt.share})
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			r.RemoteAddr, r.Host = tt.peer, tt.host
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, addr("192.0.2.1:55151")))
			w.ServeHTTP(rw, r)
		}))
		header := http.Header{}
		if tt.origin != "" {
			header.Set("Origin", tt.origin)
		}
		got := ""
		conn, resp, err := websocket.Dial(t.Context(), s.URL, &websocket.DialOptions{HTTPHeader: header})
		if err != nil {
			got = resp.Status[:3]
		} else {
			got = (&testViewer{t, conn}).next().Type
			conn.CloseNow()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		w.Close()
		s.Close()
	}
}

type addr string

func (addr) Network() string  { return "tcp" }
func (a addr) String() string { return string(a) }

func TestTooManyViewers(t *testing.T) {
	w := New(Options{Viewers: 1})
	s := httptest.NewServer(w)
	defer s.Close()
	v := look(t, s.URL, "")
	v.next()
	if _, resp, err := websocket.Dial(t.Context(), s.URL, nil); err == nil || resp.StatusCode != 503 {
		t.Errorf("a second one gets %v", err)
	}
	w.Close()
	v.next() // its status
	if _, _, err := v.conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the end is %v", err)
	}
}

// source gives packets and then an error.
type source struct {
	packets []capture.Packet
	err     error
}

func (s *source) Read(p *capture.Packet) error {
	if len(s.packets) == 0 {
		return s.err
	}
	*p, s.packets = s.packets[0], s.packets[1:]
	return nil
}

func TestRunFeedsAndTellsItsEnd(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	failed := context.DeadlineExceeded
	if err := w.Run(t.Context(), &source{documented(t), failed}); err != failed {
		t.Errorf("got %v", err)
	}
	v := look(t, s.URL, "")
	v.next()
	if m := v.next(); m.Running || !m.Ended {
		t.Errorf("got %+v", m)
	}
	v.packets(34)
}

// Who is dismissed is told to come again, and is let in by the rule of then.
func TestShareChanges(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "192.0.2.9:5"
		w.Serve(rw, r, Scope{Name: "all", Stage: "host"})
	}))
	defer s.Close()
	if m := look(t, s.URL, "").next(); m.Type != "local-only" {
		t.Fatalf("before: %s", m.Type)
	}
	w.Share(true)
	v := look(t, s.URL, "")
	if m := v.next(); m.Type != "hello" || m.Scope.Name != "all" || m.Stage != "host" {
		t.Fatalf("shared: %+v", m)
	}
	v.next() // its status
	w.Share(false)
	if _, _, err := v.conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusServiceRestart {
		t.Errorf("no longer shared: %v", err)
	}
	if m := look(t, s.URL, "").next(); m.Type != "local-only" {
		t.Errorf("after: %s", m.Type)
	}
}

// One description is shown by two wires, each with its own numbers.
func TestPacketOfTwoWires(t *testing.T) {
	all, own := New(Options{}), New(Options{})
	defer all.Close()
	defer own.Close()
	one, other := httptest.NewServer(all), httptest.NewServer(own)
	defer one.Close()
	defer other.Close()
	var tracker dissect.Tracker
	var annotator annotate.Annotator
	packets := documented(t)
	for i := range packets {
		var segment dissect.Segment
		if err := segment.Decode(&packets[i]); err != nil {
			t.Fatal(err)
		}
		e := tracker.Add(&segment)
		p := Describe(e, annotator.Add(e))
		all.Show(p)
		if i >= 15 {
			own.Show(p)
		}
	}
	a, _ := look(t, one.URL, "").packets(34)
	b, _ := look(t, other.URL, "").packets(19)
	if a[15].N != 16 || b[0].N != 1 || a[15].Time != b[0].Time || b[18].Title != a[33].Title {
		t.Errorf("%d %s and %d %s", a[15].N, a[15].Title, b[0].N, b[0].Title)
	}
}
