// Package servetest has students for tests of lessons: each does what a page's scripts
// do, by its own connections.
package servetest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Student is who somebody is to be: what a class list, a secret and class.Assign and
// class.Token make.
type Student struct{ ID, Nick, Message, Token string }

// Pupil is a student at a page.
type Pupil struct {
	Student
	// Packets counts those that the page's wire has shown, Heard the messages that have
	// come.
	Packets, Heard atomic.Int64
	// Said has the moment at which the task's message came back.
	Said chan time.Time
	// Told has what the chat tells, but for heartbeats, and is closed when the connection
	// ends. What nobody takes out is dropped.
	Told chan string

	page, chat string
	client     *http.Client
	conn       *websocket.Conn
}

// Dial connects a pupil's browser; nil: as net.Dial does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// NewPupil makes somebody who has opened no page yet; page and chat are where the lesson
// is, http://HOST:PORT.
func NewPupil(page, chat string, who Student, dial Dial) *Pupil {
	jar, _ := cookiejar.New(nil) // it never fails
	return &Pupil{Student: who, Said: make(chan time.Time, 1), page: page, chat: chat,
		client: &http.Client{Jar: jar, Transport: &http.Transport{DialContext: dial}}}
}

// Join opens the page by the student's link and enters the chat with the task's nickname.
// It holds its connections until ctx is done.
func (p *Pupil) Join(ctx context.Context) error {
	events, err := p.get(ctx, "/desk/events")
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		events.Body.Close()
	}()
	lines := bufio.NewReaderSize(events.Body, 64<<10)
	var state struct{ Round string }
	for state.Round == "" {
		if err := Event(lines, &state); err != nil {
			return err
		}
	}
	go io.Copy(io.Discard, lines)
	if status, text, err := p.post(ctx, "/desk/me", strings.NewReader(`{"token":"`+p.Token+`"}`)); err != nil || status != http.StatusNoContent {
		return fmt.Errorf("who sits there: %d %s %w", status, text, err)
	}
	visit, err := p.get(ctx, "/desk/visit/"+state.Round)
	if err != nil {
		return err
	}
	visit.Body.Close()
	wire, _, err := websocket.Dial(ctx, p.page+"/desk/wire?scope=own", &websocket.DialOptions{HTTPClient: p.client})
	if err != nil {
		return err
	}
	wire.SetReadLimit(1 << 24)
	go p.watch(ctx, wire)
	p.conn, _, err = websocket.Dial(ctx, p.chat, &websocket.DialOptions{HTTPClient: p.client, HTTPHeader: http.Header{"Origin": {p.page}}})
	if err != nil {
		return err
	}
	p.conn.SetReadLimit(1 << 20)
	p.Told = make(chan string, 256)
	if err := p.send(ctx, `{"type":"login","client_name":`+quoted(p.Nick)+`,"room_id":1}`); err != nil {
		return err
	}
	go p.listen(ctx)
	return nil
}

// Event reads the next event of a stream into v.
func Event(lines *bufio.Reader, v any) error {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			return json.Unmarshal([]byte(data), v)
		}
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // of a string it never fails
	return string(b)
}

func (p *Pupil) get(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.page+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := p.client.Do(r)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		response.Body.Close()
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return response, err
}

func (p *Pupil) post(ctx context.Context, path string, body io.Reader) (status int, text string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.page+path, body)
	if err != nil {
		return 0, "", err
	}
	response, err := p.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return response.StatusCode, string(b), err
}

// watch counts what the wire shows.
func (p *Pupil) watch(ctx context.Context, wire *websocket.Conn) {
	defer wire.CloseNow()
	for {
		_, b, err := wire.Read(ctx)
		if err != nil {
			return
		}
		p.Packets.Add(int64(bytes.Count(b, []byte(`"n":`))))
	}
}

// listen answers heartbeats, and notes when the task's message has come back.
func (p *Pupil) listen(ctx context.Context) {
	defer close(p.Told)
	defer p.conn.CloseNow()
	for {
		_, b, err := p.conn.Read(ctx)
		if err != nil {
			return
		}
		text := string(b)
		if strings.HasPrefix(text, `{"type":"ping"`) {
			p.send(ctx, `{"type":"pong"}`)
			continue
		}
		select {
		case p.Told <- text:
		default:
		}
		if strings.Contains(text, `"say"`) {
			p.Heard.Add(1)
			if strings.Contains(text, p.Message) {
				select {
				case p.Said <- time.Now():
				default:
				}
			}
		}
	}
}

func (p *Pupil) send(ctx context.Context, text string) error {
	return p.conn.Write(ctx, websocket.MessageText, []byte(text))
}

// Say says something to all.
func (p *Pupil) Say(ctx context.Context, text string) error {
	return p.send(ctx, `{"type":"say","to_client_id":"all","to_client_name":"all","content":`+quoted(text)+`}`)
}

// HandIn hands in the page's own packets, and gives what is answered.
func (p *Pupil) HandIn(ctx context.Context) (status int, answer string, err error) {
	return p.post(ctx, "/desk/hand-in?lang=en", nil)
}

// Teacher is the teacher's page.
type Teacher struct {
	page   string
	client *http.Client
}

// NewTeacher opens the teacher's link.
func NewTeacher(ctx context.Context, page, key string) (*Teacher, error) {
	p := NewPupil(page, "", Student{}, nil)
	if status, text, err := p.post(ctx, "/class/enter", strings.NewReader(`{"key":"`+key+`"}`)); err != nil || status != http.StatusNoContent {
		return nil, fmt.Errorf("the teacher's link: %d %s %w", status, text, err)
	}
	return &Teacher{page, p.client}, nil
}

// Row is what the teacher's table has of a student.
type Row struct {
	ID, Step  string
	Seat      int
	Connected bool
	Heard     int
	Handed    *struct{ Files, Found, Of int }
}

// Order gives an order, as /class takes it.
func (t *Teacher) Order(ctx context.Context, what, order string) error {
	p := Pupil{page: t.page, client: t.client}
	if status, text, err := p.post(ctx, "/class/"+what, strings.NewReader(order)); err != nil || status != http.StatusNoContent {
		return fmt.Errorf("%s: %d %s %w", what, status, text, err)
	}
	return nil
}

// Watch calls see with each table, until ctx is done.
func (t *Teacher) Watch(ctx context.Context, see func([]Row)) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.page+"/class/events", nil)
	if err != nil {
		return err
	}
	events, err := t.client.Do(r)
	if err != nil {
		return err
	}
	go func() {
		defer events.Body.Close()
		for lines := bufio.NewReaderSize(events.Body, 64<<10); ; {
			var state struct{ Rows []Row }
			if Event(lines, &state) != nil {
				return
			}
			see(state.Rows)
		}
	}()
	return nil
}
