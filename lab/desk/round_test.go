package desk

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"chatlab/chatserver/chat"
	"chatlab/lab/check/checktest"
	"chatlab/lab/class"
	"chatlab/sniffer/dissect"
)

// teacher is the teacher's page.
func (c *classroom) teacher() *page {
	c.Helper()
	p := c.page("192.0.2.1")
	if status, text := p.post("/class/enter", map[string]string{"key": c.Key()}); status != http.StatusNoContent {
		c.Fatalf("%d %s", status, text)
	}
	return p
}

func (p *page) order(what string, v any) {
	p.c.Helper()
	if status, text := p.post("/class/"+what, v); status != http.StatusNoContent {
		p.c.Fatalf("%s: %d %s", what, status, text)
	}
}

// A round that is over is over: its pages are told so, what is left of its connections
// counts for nobody, and the next begins with nothing.
func TestNextRound(t *testing.T) {
	c := newClassroom(t, "zoe")
	zoe := class.Assign(secret, "zoe")
	p := c.page("192.0.2.7").open().choose("zoe")
	old := p.join(zoe.Nick)
	if r := c.row("zoe"); status(r) != "+++++--" {
		t.Fatalf("%+v", r)
	}
	first := p.state.Round
	c.teacher().order("round", struct{}{})
	if c.clean != 1 {
		t.Errorf("the chat was cleaned %d times", c.clean)
	}
	for p.next().Round == first {
	}
	if p.state.Student != "zoe" || *p.state.Task != (taskState{zoe.Nick, zoe.Message}) {
		t.Errorf("the page is told %+v", p.state)
	}
	if got := p.do(http.MethodGet, "/desk/visit/"+first, nil).StatusCode; got != http.StatusGone {
		t.Errorf("an old page: %d", got)
	}
	c.say(old, zoe.Nick, zoe.Message, nil)
	if r := c.row("zoe"); status(r) != "-------" || r.Connected {
		t.Errorf("what is left of the first round: %s %+v", status(r), r)
	}
	n := p.join(zoe.Nick)
	c.say(n, zoe.Nick, zoe.Message, nil)
	if r := c.row("zoe"); status(r) != "+++++++" {
		t.Errorf("the second round: %s", status(r))
	}
}

func (c *classroom) isMuted(from netip.AddrPort, who string) bool {
	return c.Refuse(from, who) == chat.Muted
}

// Who is muted stays so on every connection that is theirs.
func TestMuted(t *testing.T) {
	c := newClassroom(t, "zoe", "anna")
	p, q := c.page("192.0.2.7").open().choose("zoe"), c.page("192.0.2.8").open().choose("anna")
	n, m := p.join("zoe"), q.join("anna")
	at := func(n *checktest.Conn) netip.AddrPort {
		return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), n.Ports[0])
	}
	c.teacher().order("mute", map[string]any{"seat": c.seatBy(p).number, "muted": true})
	if !c.isMuted(at(n), "") || c.isMuted(at(m), "") {
		t.Errorf("zoe: %v, anna: %v", c.isMuted(at(n), ""), c.isMuted(at(m), ""))
	}
	if s := p.next(); !s.Muted {
		t.Errorf("zoe is told %+v", s)
	}
	// A new connection is known by its cookie before a packet of it is seen.
	p.visit()
	if !c.isMuted(netip.MustParseAddrPort("127.0.0.1:60000"), p.cookies[VisitCookie]) {
		t.Error("zoe's next connection may speak")
	}
	c.teacher().order("mute", map[string]any{"seat": c.seatBy(p).number, "muted": false})
	if c.isMuted(at(n), "") {
		t.Error("still muted")
	}
	if status, text := c.teacher().post("/class/mute", map[string]any{"seat": 99, "muted": true}); status != http.StatusNotFound {
		t.Errorf("no such seat: %d %s", status, text)
	}
}

// Nor does another window, a connection without a page or another's cookie, seen on the
// wire, let them speak.
func TestMutedElsewhere(t *testing.T) {
	c := newClassroom(t)
	from := netip.MustParseAddr("192.0.2.7")
	c.Desk.o.Client = func(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(from, a.Port()) }
	p := c.page("192.0.2.7").open()
	p.join("zoe")
	c.teacher().order("mute", map[string]any{"seat": c.seatBy(p).number, "muted": true})
	again := c.page("192.0.2.7").open()
	again.join("zoe-again")
	bare := c.join(checktest.Firefox, "nobody")
	q := c.page("192.0.2.8").open()
	from = netip.MustParseAddr("192.0.2.8")
	q.join("anna")
	for at, who := range map[string]string{
		"192.0.2.7:50000":                       again.cookies[VisitCookie],
		fmt.Sprint("192.0.2.7:", bare.Ports[0]): "",
		"192.0.2.7:50001":                       q.cookies[VisitCookie],
		"192.0.2.7:50002":                       "",
	} {
		addr := netip.MustParseAddrPort(at)
		if from = addr.Addr(); !c.isMuted(addr, who) {
			t.Errorf("%s with the cookie %q may speak", at, who)
		}
	}
	if from = netip.MustParseAddr("192.0.2.8"); c.isMuted(netip.MustParseAddrPort("192.0.2.8:50000"), q.cookies[VisitCookie]) {
		t.Error("anna is muted")
	}
}

// seen gives the scope, and the ports of the first packets, of what a page's wire shows.
func (p *page) seen(query string, packets int) (scope string, ports []string) {
	p.c.Helper()
	header := http.Header{}
	if p.addr != "" {
		header.Set("Test-Address", p.addr)
	}
	for name, value := range p.cookies {
		header.Add("Cookie", name+"="+value)
	}
	conn, _, err := websocket.Dial(p.c.Context(), p.c.url+"/desk/wire"+query, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		p.c.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 24)
	for {
		var m struct {
			Type, Scope string
			Packets     []struct{ Client string }
		}
		_, b, err := conn.Read(p.c.Context())
		if err != nil || json.Unmarshal(b, &m) != nil {
			p.c.Fatalf("%s %v", b, err)
		}
		switch m.Type {
		case "hello":
			scope = m.Scope
		case "local-only":
			return m.Type, nil
		}
		for _, packet := range m.Packets {
			if _, port, _ := strings.Cut(packet.Client, ":"); !slices.Contains(ports, port) {
				ports = append(ports, port)
			}
			packets--
		}
		if packets <= 0 {
			return scope, ports
		}
	}
}

// A page sees its own packets; whoever is on this machine, or all if the teacher wants
// it, everybody's.
func TestWireOfAPage(t *testing.T) {
	c := newClassroom(t)
	p, q := c.page("192.0.2.7").open(), c.page("192.0.2.8").open()
	n, m := p.join("anna"), q.join("zoe")
	mine, theirs := fmt.Sprint(n.Ports[0]), fmt.Sprint(m.Ports[0])
	half, all := len(c.scene.Packets)/2, len(c.scene.Packets)
	if scope, ports := p.seen("", half); scope != "own" || !slices.Equal(ports, []string{mine}) {
		t.Errorf("%s %q", scope, ports)
	}
	if scope, ports := p.seen("?scope=all", half); scope != "own" || !slices.Equal(ports, []string{mine}) {
		t.Errorf("asked for all: %s %q", scope, ports)
	}
	stranger := c.page("192.0.2.9")
	if scope, _ := stranger.seen("", 1); scope != "local-only" {
		t.Errorf("a stranger: %s", scope)
	}
	here := c.page("") // as the test is
	if scope, ports := here.seen("", all); scope != "all" || !slices.Equal(ports, []string{mine, theirs}) {
		t.Errorf("this machine: %s %q", scope, ports)
	}
	c.teacher().order("wire", map[string]any{"all": true})
	if scope, ports := p.seen("", all); scope != "all" || !slices.Equal(ports, []string{mine, theirs}) {
		t.Errorf("shared: %s %q", scope, ports)
	}
	if scope, ports := p.seen("?scope=own", half); scope != "own" || !slices.Equal(ports, []string{mine}) {
		t.Errorf("shared, own: %s %q", scope, ports)
	}
	c.teacher().order("wire", map[string]any{"all": false})
	if scope, _ := p.seen("", half); scope != "own" {
		t.Errorf("no longer shared: %s", scope)
	}
}

// Who shares the whole wire, or no longer, has every page come again.
func TestViewersComeAgainWhenTheScopeChanges(t *testing.T) {
	c := newClassroom(t)
	p := c.page("192.0.2.7").open()
	header := http.Header{"Test-Address": {p.addr}, "Cookie": {seatCookie + "=" + p.cookies[seatCookie]}}
	conn, _, err := websocket.Dial(t.Context(), c.url+"/desk/wire", &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	for range 2 { // hello, status
		if _, _, err := conn.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c.teacher().order("wire", map[string]any{"all": true})
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusServiceRestart {
		t.Errorf("%v", err)
	}
}

// The teacher's downloads have everything, each student's by their own name.
func TestDownloads(t *testing.T) {
	c := newClassroom(t, "zoe", "=HYPERLINK(1)")
	p := c.page("192.0.2.7").open().choose("zoe")
	n := p.join("zoe")
	stranger := c.join(checktest.Firefox, "guest")
	teacher := c.teacher()
	get := func(path string) []byte {
		response := teacher.do(http.MethodGet, path, nil)
		b, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", path, response.Status, err)
		}
		return b
	}
	if seen := portsIn(t, bytes.NewReader(get("/class/capture.pcap"))); len(seen) != 3 {
		t.Errorf("the lesson: %v", seen)
	}
	b := get("/class/captures.zip")
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]uint16{"zoe.pcap": n.Ports[0], "guest-2.pcap": stranger.Ports[0]}
	if len(z.File) != len(found) {
		t.Errorf("%d files", len(z.File))
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if seen := portsIn(t, r); len(seen) != 2 || seen[found[f.Name]] == 0 {
			t.Errorf("%s: %v", f.Name, seen)
		}
	}
	table := get("/class/table.csv?lang=fr")
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	if err != nil || len(lines) != 4 || lines[0][0] != "élève" || !bytes.HasPrefix(table, []byte("\ufeff")) {
		t.Fatalf("%q %v", lines, err)
	}
	for _, line := range lines {
		if strings.HasPrefix(line[0], "=") {
			t.Errorf("a formula: %q", line)
		}
	}
	// Nobody's captures are lost with a round.
	teacher.order("round", struct{}{})
	for p.next().Round == "" || strings.HasSuffix(p.state.Round, "-1") {
	}
	p.join("zoe")
	b = get("/class/captures.zip")
	if z, err = zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"guest-2-round-1.pcap", "zoe-round-1.pcap", "zoe.pcap"}) {
		t.Errorf("after a round: %q", names)
	}
}

// What comes from nobody's page, and in any number, is bounded, and takes nobody's seat.
func TestSeatsAreBounded(t *testing.T) {
	c := newClassroom(t, "zoe")
	p := c.page("192.0.2.7").open().choose("zoe")
	for range maxSeatsOfAddress + 50 {
		ctx, leave := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/desk/me", strings.NewReader(`{"student":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Test-Address", "192.0.2.66")
		if response, err := http.DefaultClient.Do(r); err == nil {
			response.Body.Close()
		}
		leave()
	}
	c.mu.Lock()
	seats := len(c.seats)
	c.mu.Unlock()
	if seats > maxSeatsOfAddress+1 || c.seatBy(p) == nil {
		t.Errorf("%d seats", seats)
	}
	// Connections without an end, and packets that are nobody's.
	for i := range maxFlows + 100 {
		n := c.scene.Conn(uint16(10000 + i))
		n.Segment(dissect.Client, 0x02, "")
		c.feed()
		c.scene.Packets, c.fed = c.scene.Packets[:0], 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.flows) > maxFlows || len(c.order) > maxFlows || len(c.byAddr) > maxFlows {
		t.Errorf("%d flows, %d, %d", len(c.flows), len(c.order), len(c.byAddr))
	}
}

// Who takes all seats, from several addresses, keeps nobody out, and loses theirs first.
func TestSeatsOfManyAddresses(t *testing.T) {
	c := newClassroom(t, "zoe")
	guest := c.page("192.0.2.7").open()
	c.mu.Lock()
	for i := range maxSeats {
		if s := c.newSeat(netip.AddrFrom4([4]byte{192, 0, 2, byte(100 + i/maxSeatsOfAddress)}), true); s != nil {
			s.pages = 1
		}
	}
	c.mu.Unlock()
	student := c.page("192.0.2.8").open().choose("zoe")
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seats) > maxSeats {
		t.Errorf("%d seats", len(c.seats))
	}
	for _, p := range []*page{guest, student} {
		if c.bySecret[p.cookies[seatCookie]] == nil {
			t.Errorf("%s has lost their seat", p.addr)
		}
	}
}

// What the capture has missed, the table cannot show: it is told.
func TestLostPacketsAreTold(t *testing.T) {
	c := newClassroom(t)
	c.Desk.o.Lost = func() int { return 3 }
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := c.Desk.table().(teacherState).Dropped; got != 3 {
		t.Errorf("%d packets", got)
	}
}
