package desk

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/class"
	pcap "chatlab/sniffer/capture"
)

// file gives a capture file of packets.
func file(t *testing.T, packets []pcap.Packet) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.FileHeader{LinkType: pcap.Ethernet})
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		if err := w.Write(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// played is a capture in which a task is done.
func played(t *testing.T, task class.Task) []byte {
	t.Helper()
	s := checktest.New(t)
	s.Play(checktest.Cast{Today: true, Nick: task.Nick, Message: task.Message})
	return file(t, s.Packets)
}

// handIn hands in, and gives the status, the verdict and the answer.
func (p *page) handIn(query string, body io.Reader) (status, found int, text string) {
	p.c.Helper()
	response := p.do(http.MethodPost, "/desk/hand-in?lang=fr"+query, body)
	all, err := io.ReadAll(response.Body)
	if err != nil {
		p.c.Fatal(err)
	}
	var m struct {
		Report struct{ Steps []struct{ Status string } }
	}
	if err := json.Unmarshal(all, &m); err != nil {
		p.c.Fatalf("%s: %v", all, err)
	}
	for _, s := range m.Report.Steps {
		if s.Status == "found" {
			found++
		}
	}
	return response.StatusCode, found, string(all)
}

// kept lists what is in the results, but for the lesson's own captures.
func (c *classroom) kept() (names []string) {
	c.Helper()
	if err := filepath.WalkDir(c.dir, func(path string, e fs.DirEntry, err error) error {
		if name, _ := filepath.Rel(c.dir, path); !e.IsDir() && !strings.HasPrefix(name, ".") {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	}); err != nil {
		c.Fatal(err)
	}
	return names
}

func TestHandIn(t *testing.T) {
	c := newClassroom(t, "zoé", "anna")
	task := class.Assign(secret, "zoé")
	p := c.page("192.0.2.7").open()
	if status, _, text := p.handIn("", nil); status != http.StatusForbidden || !strings.Contains(text, "choisissez votre nom") {
		t.Errorf("nobody: %d %s", status, text)
	}
	p.choose("zoé")
	if status, _, text := p.handIn("", nil); status != http.StatusNotFound {
		t.Errorf("nothing: %d %s", status, text)
	}
	there := c.page("192.0.2.8").open().choose("anna").join("anna")
	n := p.join(task.Nick, there)
	if status, found, text := p.handIn("", nil); status != http.StatusOK || found != 5 {
		t.Errorf("half of it: %d %d %s", status, found, text)
	}
	c.say(n, task.Nick, task.Message, there)
	if status, found, text := p.handIn("", nil); status != http.StatusOK || found != 7 || !strings.Contains(text, `"stored":"zoé-2.pcap"`) {
		t.Errorf("all of it: %d %d %s", status, found, text)
	}
	// A file: whatever its name says, it is named for the student.
	for i, name := range []string{"../../../etc/passwd", "a/b.pcap", `..\x.pcap`, "x\x00y", ".pcap", strings.Repeat("n", 5000)} {
		status, found, text := p.handIn("&name="+urlEscape(name), bytes.NewReader(played(t, task)))
		if want := fmt.Sprintf(`"stored":"zoé-%d.pcap"`, i+3); status != http.StatusOK || found != 7 || !strings.Contains(text, want) {
			t.Errorf("%.20q: %d %d %s", name, status, found, text)
		}
	}
	// Another's capture is no good.
	if status, found, _ := p.handIn("&name=x", bytes.NewReader(played(t, class.Assign(secret, "anna")))); status != http.StatusOK || found == 7 {
		t.Errorf("anna's: %d %d", status, found)
	}
	if r := c.row("zoé"); r.Handed == nil || *r.Handed != (handed{9, 7, 7}) {
		t.Errorf("%+v", r.Handed)
	}
	// It stays the student's, whatever seat they take; another at this one has none.
	p.choose("")
	if r := c.row("zoé"); r.Handed != nil {
		t.Errorf("nobody sits there: %+v", r.Handed)
	}
	q := c.page("192.0.2.9").open().choose("zoé")
	if q.state.Handed == nil || *q.state.Handed != (handed{9, 7, 7}) || p.state.Handed != nil {
		t.Errorf("zoé has %+v, the other %+v", q.state.Handed, p.state.Handed)
	}
	p = q
	c.say(p.join(task.Nick, there), task.Nick, task.Message, there)
	// Files that were there before stay.
	if err := os.WriteFile(filepath.Join(c.dir, "zoé", "zoé-10.pcap"), []byte("a teacher's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, text := p.handIn("", nil); !strings.Contains(text, "zoé-11.pcap") {
		t.Errorf("%s", text)
	}
	if b, err := os.ReadFile(filepath.Join(c.dir, "zoé", "zoé-10.pcap")); err != nil || string(b) != "a teacher's" {
		t.Errorf("%q %v", b, err)
	}
}

func urlEscape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}

// endless is a file of any length.
type endless struct {
	begin []byte
	left  int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.begin)
	e.begin = e.begin[n:]
	if n == 0 {
		n = len(p)
	}
	e.left -= int64(n)
	return n, nil
}

// bomb is a compressed capture of a few hundred kilobytes that has more packets in it than
// are looked at.
func bomb(t *testing.T) []byte {
	t.Helper()
	one := file(t, []pcap.Packet{{LinkType: pcap.Ethernet, Length: 65535, Data: make([]byte, 65535)}})
	pack := func(data []byte) []byte { // members of one file (RFC 1952 §2.2)
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return append(pack(one[:24]), bytes.Repeat(pack(one[24:]), 300<<20/len(one))...)
}

// Whatever a hostile student hands in is refused in one line, and nothing of it stays.
func TestHostileHandIns(t *testing.T) {
	c := newClassroom(t, "zoe", "anna")
	p, q := c.page("192.0.2.66").open().choose("zoe"), c.page("192.0.2.8").open().choose("anna")
	start := []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00")
	for name, tt := range map[string]struct {
		body io.Reader
		want int
	}{
		"a gigabyte":              {io.LimitReader(&endless{start, 1 << 30}, 1<<30), http.StatusRequestEntityTooLarge},
		"empty":                   {strings.NewReader(""), http.StatusUnsupportedMediaType},
		"short":                   {strings.NewReader("\xd4\xc3"), http.StatusUnsupportedMediaType},
		"a page":                  {strings.NewReader("<html><script>"), http.StatusUnsupportedMediaType},
		"a zip":                   {strings.NewReader("PK\x03\x04" + strings.Repeat("x", 1000)), http.StatusUnsupportedMediaType},
		"gzip of nothing":         {strings.NewReader("\x1f\x8b\x08\x00xxxx"), http.StatusUnsupportedMediaType},
		"compressed without end":  {bytes.NewReader(bomb(t)), http.StatusUnprocessableEntity},
		"a capture of no packets": {bytes.NewReader(start), http.StatusOK},
	} {
		status, found, text := p.handIn("&name=x.pcap", tt.body)
		if status != tt.want || found != 0 || status != http.StatusOK && strings.Count(text, "\n") != 1 {
			t.Errorf("%s: %d %d %.300s", name, status, found, text)
		}
	}
	if got := c.kept(); !slices.Equal(got, []string{"zoe/zoe-1.pcap"}) {
		t.Errorf("kept: %q", got)
	}
	// A flood: one at a time is taken, and no more than maxFiles.
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	good := played(t, class.Assign(secret, "zoe"))
	for range 100 {
		wg.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/desk/hand-in?name=x", bytes.NewReader(good))
			if err != nil {
				t.Error(err)
				return
			}
			r.AddCookie(&http.Cookie{Name: seatCookie, Value: p.cookies[seatCookie]})
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			io.Copy(io.Discard, response.Body) // to the end, when it is taken
			response.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			statuses[response.StatusCode]++
		})
	}
	if status, found, text := q.handIn("&name=x", bytes.NewReader(played(t, class.Assign(secret, "anna")))); status != http.StatusOK || found != 7 {
		t.Errorf("anna, meanwhile: %d %d %s", status, found, text)
	}
	wg.Wait()
	if statuses[http.StatusOK]+statuses[http.StatusTooManyRequests] != 100 || statuses[http.StatusOK] >= maxFiles {
		t.Errorf("%v", statuses)
	}
	for range maxFiles {
		p.handIn("&name=x", bytes.NewReader(good))
	}
	if status, _, text := p.handIn("&name=x", bytes.NewReader(good)); status != http.StatusTooManyRequests || !strings.Contains(text, "20 captures") {
		t.Errorf("one more: %d %s", status, text)
	}
	if n := len(c.kept()); n != maxFiles+1 {
		t.Errorf("%d files are kept", n)
	}
}

// What the lesson has kept is removed, and nothing else.
func TestForget(t *testing.T) {
	c := newClassroom(t, "zoe")
	p := c.page("192.0.2.7").open().choose("zoe")
	p.join("zoe")
	p.handIn("", nil)
	mine := filepath.Join(c.dir, "zoe", "notes.txt")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := os.OpenFile(filepath.Join(c.dir, manifest), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(list, outside)
	fmt.Fprintln(list, "../"+filepath.Base(filepath.Dir(outside))+"/outside")
	list.Close()
	if err := c.o.Keep.whole.flush(); err != nil {
		t.Fatal(err)
	}
	if n, err := Forget(c.dir); n != 3 || err != nil { // the lesson's, the seat's, the one that was handed in
		t.Errorf("%d files, %v", n, err)
	}
	var left []string
	filepath.WalkDir(c.dir, func(path string, e fs.DirEntry, err error) error {
		if !e.IsDir() {
			left = append(left, path)
		}
		return nil
	})
	if !slices.Equal(left, []string{mine}) {
		t.Errorf("left: %q", left)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	if _, err := Forget(c.dir); err == nil {
		t.Error("nothing to forget is not told")
	}
	os.MkdirAll(filepath.Join(c.dir, c.o.Keep.inside), 0o700) // for what closing flushes
}

// Two lessons that begin at once do not write into each other's captures.
func TestTwoLessonsInOneFolder(t *testing.T) {
	c := newClassroom(t)
	other, err := OpenKeep(c.dir, c.now)
	if err != nil {
		t.Fatal(err)
	}
	c.join(checktest.Firefox, "guest")
	other.whole.write(&c.scene.Packets[0])
	if err := other.Close(); err != nil || other.inside == c.o.Keep.inside || c.o.Keep.Dropped()+other.Dropped() > 0 {
		t.Errorf("%s and %s: %d and %d packets dropped, %v", c.o.Keep.inside, other.inside, c.o.Keep.Dropped(), other.Dropped(), err)
	}
}

// stored waits until so many files are being handed in, or are.
func (c *classroom) stored(files int) {
	c.Helper()
	for len(c.kept()) < files {
		if c.Context().Err() != nil {
			c.Fatal("nothing is stored")
		}
		runtime.Gosched()
	}
}

// A lesson that ends while a capture comes leaves no half of it.
func TestLessonEndsDuringAHandIn(t *testing.T) {
	c := newClassroom(t, "zoe")
	p := c.page("192.0.2.7").open().choose("zoe")
	good := played(t, class.Assign(secret, "zoe"))
	body, slow := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/desk/hand-in?name=x", body)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: seatCookie, Value: p.cookies[seatCookie]})
	go func() {
		if response, err := http.DefaultClient.Do(r); err == nil {
			response.Body.Close()
		}
	}()
	slow.Write(good[:len(good)/2])
	c.stored(1)
	c.Desk.Close()
	slow.CloseWithError(io.ErrUnexpectedEOF) // as the connection does that the page's server closes
	c.Desk.Wait()
	c.o.Keep.Close()
	if got := c.kept(); len(got) > 0 {
		t.Errorf("left: %q", got)
	}
}

// Of those who hand in, an address has one checked at a time, so that others need not wait
// for all of its.
func TestChecksTakeTurns(t *testing.T) {
	c := newClassroom(t, "zoe", "anna")
	p, q := c.page("192.0.2.7").open().choose("zoe"), c.page("192.0.2.8").open().choose("anna")
	lane := c.lane(netip.MustParseAddr("192.0.2.7"))
	if lane == c.lane(netip.MustParseAddr("192.0.2.8")) {
		t.Skip("by chance they share one")
	}
	lane <- struct{}{} // a check that takes long
	good := played(t, class.Assign(secret, "zoe"))
	answered := make(chan int, 1)
	go func() {
		status, _, _ := p.handIn("&name=x", bytes.NewReader(good))
		answered <- status
	}()
	c.stored(1)
	for range 5 {
		if status, _, text := q.handIn("&name=x", bytes.NewReader(good)); status != http.StatusOK {
			t.Errorf("anna: %d %s", status, text)
		}
	}
	select {
	case <-answered:
		t.Error("two are checked")
	default:
	}
	<-lane
	if status := <-answered; status != http.StatusOK {
		t.Errorf("zoe: %d", status)
	}
}
