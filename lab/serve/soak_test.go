package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"chatlab/lab/class"
)

var soak = flag.Duration("soak", 0, "how long TestSoak lasts")

const (
	soakStudents = 200
	soakRate     = 20 // messages a second in the room
	soakSecret   = "soak"
)

// pupil is a student at a page that does what the page's scripts do.
type pupil struct {
	t       *testing.T
	id      string
	task    class.Task
	client  *http.Client
	page    string
	chat    *websocket.Conn
	packets atomic.Int64 // that its wire has shown
	heard   atomic.Int64 // messages
	said    chan time.Time
}

func newPupil(t *testing.T, page, id string) *pupil {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &pupil{t: t, id: id, task: class.Assign(soakSecret, id), page: page,
		client: &http.Client{Jar: jar, Transport: &http.Transport{}}, said: make(chan time.Time, 1)}
}

// join opens the page, says who sits there, and enters the chat.
func (p *pupil) join(ctx context.Context, chat string) error {
	events, err := p.get(ctx, "/desk/events")
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(events.Body, 64<<10)
	round := ""
	for round == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		var state struct{ Round string }
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), &state); err != nil {
				return err
			}
			round = state.Round
		}
	}
	go func() {
		defer events.Body.Close()
		for {
			if _, err := lines.ReadString('\n'); err != nil {
				return
			}
		}
	}()
	me, err := p.client.Post(p.page+"/desk/me", "application/json", strings.NewReader(`{"token":"`+class.Token(soakSecret, p.id)+`"}`))
	if err != nil || me.StatusCode != http.StatusNoContent {
		return fmt.Errorf("me: %v, %v", me, err)
	}
	visit, err := p.get(ctx, "/desk/visit/"+round)
	if err != nil || visit.StatusCode != http.StatusNoContent {
		return fmt.Errorf("visit: %v, %v", visit, err)
	}
	wire, _, err := websocket.Dial(ctx, p.page+"/desk/wire?scope=own", &websocket.DialOptions{HTTPClient: p.client})
	if err != nil {
		return err
	}
	wire.SetReadLimit(1 << 24)
	go func() {
		defer wire.CloseNow()
		for {
			_, b, err := wire.Read(ctx)
			if err != nil {
				return
			}
			p.packets.Add(int64(strings.Count(string(b), `"n":`)))
		}
	}()
	p.chat, _, err = websocket.Dial(ctx, chat, &websocket.DialOptions{HTTPClient: p.client, HTTPHeader: http.Header{"Origin": {p.page}}})
	if err != nil {
		return err
	}
	p.chat.SetReadLimit(1 << 20)
	if err := p.send(ctx, `{"type":"login","client_name":`+quoted(p.task.Nick)+`,"room_id":1}`); err != nil {
		return err
	}
	go p.listen(ctx)
	return nil
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func (p *pupil) get(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.page+path, nil)
	if err != nil {
		return nil, err
	}
	return p.client.Do(r)
}

func (p *pupil) send(ctx context.Context, text string) error {
	return p.chat.Write(ctx, websocket.MessageText, []byte(text))
}

func (p *pupil) say(ctx context.Context, text string) error {
	return p.send(ctx, `{"type":"say","to_client_id":"all","to_client_name":"all","content":`+quoted(text)+`}`)
}

// listen answers heartbeats, and notes when the task's message has come back.
func (p *pupil) listen(ctx context.Context) {
	for {
		_, b, err := p.chat.Read(ctx)
		if err != nil {
			return
		}
		switch text := string(b); {
		case strings.HasPrefix(text, `{"type":"ping"`):
			p.send(ctx, `{"type":"pong"}`)
		case strings.Contains(text, `"say"`):
			p.heard.Add(1)
			if strings.Contains(text, p.task.Message) {
				select {
				case p.said <- time.Now():
				default:
				}
			}
		}
	}
}

// teacherSees calls see with each table that the teacher's page is sent.
func teacherSees(ctx context.Context, t *testing.T, page, key string, see func(rows []teacherRow)) {
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	enter, err := client.Post(page+"/class/enter", "application/json", strings.NewReader(`{"key":"`+key+`"}`))
	if err != nil || enter.StatusCode != http.StatusNoContent {
		t.Fatalf("the teacher: %v %v", enter, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/class/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	events, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer events.Body.Close()
		for lines := bufio.NewReaderSize(events.Body, 1<<20); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			var state struct{ Rows []teacherRow }
			if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &state) == nil {
				see(state.Rows)
			}
		}
	}()
}

type teacherRow struct {
	ID, Step  string
	Connected bool
	Heard     int
}

// TestSoak holds a lesson of two hundred students: go test ./lab/serve -run Soak -soak 10m
// -timeout 15m -v. The teacher's table is right within two seconds of the wire, and
// memory and goroutines do not grow.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("a soak run: go test ./lab/serve -run Soak -soak 10m -timeout 15m -v")
	}
	var ids []string
	for i := range soakStudents {
		ids = append(ids, fmt.Sprintf("student-%03d", i))
	}
	l, err := Open(Options{Host: "127.0.0.1", Log: slog.New(slog.DiscardHandler), Class: class.NewRoster(ids), Secret: soakSecret, Results: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	lesson, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(lesson) }()
	defer func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	page := url(l.host(), l.PagePort)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()

	var mu sync.Mutex
	done := map[string]chan struct{}{}
	for _, id := range ids {
		done[id] = make(chan struct{})
	}
	tables := 0
	teacherSees(ctx, t, page, l.desk.Key(), func(rows []teacherRow) {
		mu.Lock()
		defer mu.Unlock()
		tables++
		for _, r := range rows {
			if c := done[r.ID]; c != nil && r.Connected && r.Step == "" {
				close(c)
				done[r.ID] = nil
			}
		}
	})
	var all []*pupil
	for _, id := range ids {
		p := newPupil(t, page, id)
		if err := p.join(ctx, url(l.host(), l.ChatPort)); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	began := time.Now()
	t.Logf("stage %s: %d students", l.Stage, len(all))

	var worst atomic.Int64
	var waiting sync.WaitGroup
	tick := time.NewTicker(time.Second / soakRate)
	defer tick.Stop()
	messages := int(soak.Seconds() * soakRate)
	every := max(1, messages*8/10/len(all))
	sample := time.Time{}
	var first, last figures
	for i := range messages {
		<-tick.C
		p := all[i%len(all)]
		if n := i / every; i%every == 0 && n < len(all) {
			p = all[n]
			mu.Lock()
			right := done[p.id]
			mu.Unlock()
			waiting.Go(func() {
				passed := <-p.said
				<-right
				worst.Store(max(worst.Load(), int64(time.Since(passed))))
			})
			if err := p.say(ctx, p.task.Message); err != nil {
				t.Fatal(err)
			}
		} else if err := p.say(ctx, fmt.Sprint("message ", i)); err != nil {
			t.Fatal(err)
		}
		if time.Since(sample) > max(time.Second, *soak/10) {
			sample = time.Now()
			last = measure()
			if time.Since(began) < *soak*3/10 {
				first = last
			}
			mu.Lock()
			t.Logf("%5.0f s: heap %d MiB, %d goroutines; %d tables; %d packets dropped", time.Since(began).Seconds(), last.heap>>20, last.goroutines, tables, l.keep.Dropped())
			mu.Unlock()
		}
	}
	waiting.Wait()
	var heard, packets int64
	for _, p := range all {
		heard += p.heard.Load()
		packets += p.packets.Load()
	}
	t.Logf("%d messages, %d heard, %d packets shown to students; the table at worst %v behind the wire", messages, heard, packets, time.Duration(worst.Load()).Round(time.Millisecond))
	if worst := time.Duration(worst.Load()); worst > 2*time.Second {
		t.Errorf("the table is %v behind the wire", worst)
	}
	if last.heap > first.heap*5/4+16<<20 || last.goroutines > first.goroutines+20 {
		t.Errorf("from %+v to %+v", first, last)
	}
}

type figures struct {
	heap       uint64
	goroutines int
}

func measure() figures {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return figures{m.HeapInuse, runtime.NumGoroutine()}
}
