package desk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/chatserver/chat"
	"chatlab/lab/check/checktest"
	"chatlab/lab/class"
	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
	"chatlab/webclient/wire"
)

const secret = "a secret"

// classroom is a desk with a server for pages, and a wire to play on.
type classroom struct {
	*testing.T
	*Desk
	url   string
	now   time.Time
	scene *checktest.Scene
	fed   int
	dir   string
	clean int
	port  uint16
}

func newClassroom(t *testing.T, students ...string) *classroom {
	t.Helper()
	c := &classroom{T: t, now: time.Unix(1_800_000_000, 0), scene: checktest.New(t), dir: t.TempDir(), port: 40000}
	keep, err := OpenKeep(c.dir, c.now)
	if err != nil {
		t.Fatal(err)
	}
	var list *class.Roster
	if students != nil {
		list = class.NewRoster(students)
	}
	texts := 0
	w := wire.New(wire.Options{})
	c.Desk = New(Options{
		Wire: w, Port: scenario.ServerPort, Stage: "userspace", Class: list, Secret: secret, Keep: keep, HandIn: true,
		Clean: func() { c.clean++ },
		Log:   slog.New(slog.DiscardHandler), Now: func() time.Time { return c.now },
		Text: func() string { texts++; return fmt.Sprintf("RANDOM%020d", texts) },
	})
	// A page on another machine says so: the desk believes the connection alone.
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if addr := r.Header.Get("Test-Address"); addr != "" {
			r.RemoteAddr = addr + ":5000"
			r.Host = "192.0.2.1:55151"
		}
		c.Desk.ServeHTTP(w, r)
	}))
	c.url = s.URL
	t.Cleanup(func() {
		c.Desk.Close()
		w.Close()
		s.CloseClientConnections()
		s.Close()
		if err := keep.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
			t.Error(err)
		}
	})
	return c
}

// page is a browser's page.
type page struct {
	c       *classroom
	addr    string
	cookies map[string]string
	state   studentState
	events  *bufio.Reader
}

func (c *classroom) page(addr string) *page {
	return &page{c: c, addr: addr, cookies: map[string]string{}}
}

// do asks for something as the page does.
func (p *page) do(method, path string, body io.Reader) *http.Response {
	p.c.Helper()
	r, err := http.NewRequestWithContext(p.c.Context(), method, p.c.url+path, body)
	if err != nil {
		p.c.Fatal(err)
	}
	r.Header.Set("Test-Address", p.addr)
	for name, value := range p.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		p.c.Fatal(err)
	}
	p.c.Cleanup(func() { response.Body.Close() })
	for _, k := range response.Cookies() {
		p.cookies[k.Name] = k.Value
	}
	return response
}

// post posts JSON and gives the status, and the error if there is one.
func (p *page) post(path string, v any) (status int, text string) {
	p.c.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		p.c.Fatal(err)
	}
	response := p.do(http.MethodPost, path+"?lang=fr", bytes.NewReader(b))
	all, err := io.ReadAll(response.Body)
	if err != nil {
		p.c.Fatal(err)
	}
	return response.StatusCode, string(all)
}

// open opens the page: it is told what happens.
func (p *page) open() *page {
	p.c.Helper()
	response := p.do(http.MethodGet, "/desk/events", nil)
	if response.StatusCode != http.StatusOK {
		p.c.Fatalf("the page is answered %s", response.Status)
	}
	p.events = bufio.NewReader(response.Body)
	p.next()
	return p
}

// next waits for the next state.
func (p *page) next() studentState {
	p.c.Helper()
	p.state = studentState{}
	event(p.c.T, p.events, &p.state)
	return p.state
}

func event(t *testing.T, events *bufio.Reader, v any) {
	t.Helper()
	for {
		line, err := events.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), v); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
}

// choose says who sits there.
func (p *page) choose(student string) *page {
	p.c.Helper()
	if status, text := p.post("/desk/me", map[string]string{"student": student}); status != http.StatusNoContent {
		p.c.Fatalf("%s: %d %s", student, status, text)
	}
	p.c.Tick()
	for p.events != nil && p.next().Student != student {
	}
	return p
}

// visit asks for the cookie of a connection, and gives its request's fields.
func (p *page) visit() checktest.Browser {
	p.c.Helper()
	if status := p.do(http.MethodGet, "/desk/visit/"+p.state.Round, nil).StatusCode; status != http.StatusNoContent {
		p.c.Fatalf("visit: %d", status)
	}
	return checktest.Browser("Cookie: lang=fr; visit="+p.cookies[VisitCookie]+"\r\n") + checktest.Firefox
}

// join connects the page and logs it in.
func (p *page) join(nick string, others ...*checktest.Conn) *checktest.Conn {
	return p.c.join(p.visit(), nick, others...)
}

func (c *classroom) join(browser checktest.Browser, nick string, others ...*checktest.Conn) *checktest.Conn {
	c.port++
	n := c.scene.Conn(c.port)
	c.scene.Enter(n, checktest.Cast{Today: true, Browser: browser})
	var other *checktest.Conn
	if len(others) > 0 {
		other = others[0]
	}
	c.scene.Login(n, other, nick, 1, checktest.Cast{Today: true})
	c.feed()
	return n
}

// say has one say something that the others hear.
func (c *classroom) say(n *checktest.Conn, nick, message string, hearer *checktest.Conn) {
	c.scene.Speak(n, hearer, nick, message, checktest.Cast{Today: true})
	c.feed()
}

// feed shows the desk the packets that have been played since.
func (c *classroom) feed() {
	for ; c.fed < len(c.scene.Packets); c.fed++ {
		c.Observe(&c.scene.Packets[c.fed])
	}
}

func (c *classroom) table() []row {
	c.Tick()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rows()
}

// row gives a student's row.
func (c *classroom) row(id string) row {
	c.Helper()
	for _, r := range c.table() {
		if r.ID == id {
			return r
		}
	}
	c.Fatalf("%s has no row", id)
	return row{}
}

// status tells a row's steps in a word: + found, ! different, - missing.
func status(r row) string {
	signs := map[string]string{"found": "+", "different": "!", "missing": "-"}
	var b strings.Builder
	for _, s := range r.Steps {
		b.WriteString(signs[string(s.Status)])
	}
	return b.String()
}

// What the teacher sees of a student is what the wire has shown by then.
func TestTableFollowsTheWire(t *testing.T) {
	c := newClassroom(t, "zoe", "anna", "never")
	zoe, anna := class.Assign(secret, "zoe"), class.Assign(secret, "anna")
	p, q := c.page("192.0.2.7").open().choose("zoe"), c.page("192.0.2.8").open().choose("anna")
	if r := c.row("zoe"); status(r) != "-------" || r.Connected || !r.Page || r.Address != "192.0.2.7" || r.Step != "tcp-handshake" {
		t.Errorf("before: %+v", r)
	}
	if r := c.row("never"); r.Seat != 0 || r.Seen != 0 || r.Task.Nick == "" {
		t.Errorf("never: %+v", r)
	}
	there := q.join(anna.Nick)
	p.join("zoe", there) // and not her task's nickname
	if r := c.row("zoe"); status(r) != "++!!!--" || !r.Connected || r.Step != "login" || r.Name != "zoe" {
		t.Errorf("a wrong nickname: %s %+v", status(r), r)
	}
	c.now = c.now.Add(time.Minute)
	if r := c.table()[0]; r.ID != "anna" && r.ID != "zoe" || r.Stuck != 60 {
		t.Errorf("stuck: %+v", r)
	}
	n := p.join(zoe.Nick, there)
	if r := c.row("zoe"); status(r) != "+++++--" || r.Step != "say" || r.Stuck != 1 {
		t.Errorf("the right one: %s %+v", status(r), r)
	}
	c.say(n, zoe.Nick, "something else", there)
	if r := c.row("zoe"); r.Heard != 0 {
		t.Errorf("heard: %+v", r)
	}
	c.say(n, zoe.Nick, zoe.Message, there)
	if r := c.row("zoe"); status(r) != "+++++++" || r.Heard != 1 || r.Step != "" || r.Stuck != 0 {
		t.Errorf("done: %s %+v", status(r), r)
	}
	all := c.table()
	if all[0].ID != "anna" || all[1].ID != "zoe" || all[2].ID != "never" {
		t.Errorf("order: %s, %s, %s", all[0].ID, all[1].ID, all[2].ID)
	}
	n.Segment(dissect.Client, 0x11, "")
	c.feed()
	if r := c.row("zoe"); !r.Connected { // her first connection is still open
		t.Errorf("one of two closed: %+v", r)
	}
}

// A page is shown its own packets, from the first SYN on, and nobody else's.
func TestOwnPackets(t *testing.T) {
	c := newClassroom(t)
	p, q := c.page("192.0.2.7").open(), c.page("192.0.2.7").open() // behind one address
	n := p.join("anna")
	m := q.join("zoe", n)
	c.say(n, "anna", "for all", m)
	m.Say(dissect.Server, `{"type":"say","from_client_id":"x","from_client_name":"anna","to_client_id":"`+m.UID(checktest.Cast{Today: true})+`","content":"for zoe alone","time":"2026-11-24 09:01:02"}`)
	c.feed()
	ports := func(p *page) (seen map[uint16]int) {
		f, err := c.seatBy(p).kept.open()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return portsIn(t, f)
	}
	mine, theirs := ports(p), ports(q)
	if len(mine) != 2 || len(theirs) != 2 || mine[n.Ports[0]] == 0 || theirs[m.Ports[0]] == 0 {
		t.Errorf("%v and %v", mine, theirs)
	}
	if got := mine[n.Ports[0]] + theirs[m.Ports[0]]; got != len(c.scene.Packets) {
		t.Errorf("%d packets of %d", got, len(c.scene.Packets))
	}
}

// seatBy gives a page's seat.
func (c *classroom) seatBy(p *page) *seat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bySecret[p.cookies[seatCookie]]
}

// Whoever sits somewhere cannot be somebody else, by whatever they send.
func TestIdentities(t *testing.T) {
	c := newClassroom(t, "zoe", "anna")
	p, hostile := c.page("192.0.2.7").open().choose("zoe"), c.page("192.0.2.66").open()
	for _, tt := range []struct {
		says map[string]string
		want int
	}{
		{map[string]string{"student": "zoe"}, http.StatusConflict},
		{map[string]string{"student": " ZOE "}, http.StatusConflict},
		{map[string]string{"student": "../zoe"}, http.StatusNotFound},
		{map[string]string{"student": "nobody"}, http.StatusNotFound},
		{map[string]string{"token": "aaaaaaaaaaaaaaaa"}, http.StatusForbidden},
		{map[string]string{"token": class.Token("another secret", "zoe")}, http.StatusForbidden},
	} {
		if got, text := hostile.post("/desk/me", tt.says); got != tt.want || strings.Count(text, "\n") != 1 || !strings.Contains(text, `{"error":"`) {
			t.Errorf("%v: %d %s", tt.says, got, text)
		}
	}
	// Another's seat cannot be guessed, nor the cookie of another's connection be used
	// again by whoever has seen it on the wire.
	seen := p.visit()
	c.join(seen, "zoe")
	was := c.row("zoe").Steps
	c.now = c.now.Add(time.Second)
	c.Desk.o.Client = func(a netip.AddrPort) netip.AddrPort { return netip.MustParseAddrPort("192.0.2.66:1") }
	c.join(seen, "intruder")
	if r := c.row("zoe"); r.Name != "zoe" || len(was) != len(r.Steps) {
		t.Errorf("zoe is now %+v", r)
	}
	// The student's own link takes precedence over whoever has chosen the name.
	phone := c.page("192.0.2.9").open()
	if got, text := phone.post("/desk/me", map[string]string{"token": class.Token(secret, "zoe")}); got != http.StatusNoContent {
		t.Fatalf("%d %s", got, text)
	}
	if c.seatBy(phone) != c.seatBy(p) {
		t.Error("zoe's two devices have two seats")
	}
	// A seat that is given back can be taken.
	if got, _ := p.post("/desk/me", map[string]string{"student": ""}); got != http.StatusNoContent {
		t.Error(got)
	}
	hostile.choose("zoe")
}

// Only who has the key is the teacher.
func TestTeachersOnly(t *testing.T) {
	c := newClassroom(t)
	p := c.page("192.0.2.7").open()
	for _, path := range []string{"/class/events", "/class/capture.pcap", "/class/captures.zip", "/class/table.csv"} {
		if got := p.do(http.MethodGet, path, nil).StatusCode; got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
	}
	for _, path := range []string{"/class/pause", "/class/mute", "/class/wire", "/class/round", "/class/release"} {
		if got, _ := p.post(path, map[string]any{"paused": true, "all": true}); got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got, _ := p.post("/class/enter", map[string]string{"key": "guess"}); got != http.StatusForbidden || (c.Refuse(netip.AddrPort{}, "") == chat.Paused) {
		t.Errorf("a guess: %d", got)
	}
	if got, _ := p.post("/class/enter", map[string]string{"key": c.Key()}); got != http.StatusNoContent {
		t.Fatal(got)
	}
	if got, _ := p.post("/class/pause", map[string]any{"paused": true}); got != http.StatusNoContent || !(c.Refuse(netip.AddrPort{}, "") == chat.Paused) {
		t.Errorf("paused: %d", got)
	}
	if s := p.next(); !s.Paused {
		t.Errorf("the page is told %+v", s)
	}
}

// Who sits down where somebody else has sat sees nothing of theirs, and hands in nothing
// of theirs.
func TestNextStudentOnASeat(t *testing.T) {
	c := newClassroom(t, "zoe", "anna")
	p := c.page("192.0.2.7").open().choose("zoe")
	n := p.join("zoe")
	p.choose("anna")
	if status, _, text := p.handIn("", nil); status != http.StatusNotFound {
		t.Errorf("anna hands in %d %s", status, text)
	}
	m := p.join("anna")
	if scope, ports := p.seen("", 5); scope != "own" || slices.Contains(ports, fmt.Sprint(n.Ports[0])) {
		t.Errorf("anna sees %s %q", scope, ports)
	}
	b, err := io.ReadAll(p.do(http.MethodGet, "/desk/capture", nil).Body)
	if err != nil {
		t.Fatal(err)
	}
	if seen := portsIn(t, bytes.NewReader(b)); seen[n.Ports[0]] != 0 || seen[m.Ports[0]] == 0 {
		t.Errorf("anna has %v", seen)
	}
	if r := c.row("anna"); !r.Connected || status(r) != "++!!!--" {
		t.Errorf("anna: %s %+v", status(r), r)
	}
}
