package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"chatlab/lab/check"
	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/webclient/site"
)

// stubDesk is a desk that says what a test wants, and keeps what it was asked for.
type stubDesk struct {
	t       testing.TB
	mu      sync.Mutex
	changed chan struct{} // closed at the next change
	asked   []string      // method, path and body
	heard   chan struct{} // closed at the next request
	states  map[string]map[string]any
	refuse  map[string]int // by path: with which status
	hold    chan struct{}  // while it is open a hand-in is not answered
}

func newStubDesk(t testing.TB) *stubDesk {
	return &stubDesk{t: t, changed: make(chan struct{}), heard: make(chan struct{}), refuse: map[string]int{}, states: map[string]map[string]any{
		"desk": {
			"round": "k3v9-1", "student": "", "students": nil, "task": nil, "results": true, "paused": false, "muted": false,
			"wire": "own", "steps": []any{}, "handed": nil,
		},
		"class": {
			"round": 1, "since": 1732800000, "now": 1732800123, "paused": false, "wire": "own", "results": true, "stage": "host",
			"rows": []any{}, "log": []any{},
		},
	}}
}

// set changes what a page is told: pairs of a name and a value.
func (d *stubDesk) set(page string, pairs ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := 0; i < len(pairs); i += 2 {
		d.states[page][pairs[i].(string)] = pairs[i+1]
	}
	close(d.changed)
	d.changed = make(chan struct{})
}

// refuses answers a path with a status from here on, 0 as it should.
func (d *stubDesk) refuses(path string, status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse[path] = status
}

// wasAsked tells whether there was such a request.
func (d *stubDesk) wasAsked(request string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.asked, request)
}

// asks waits until there is such a request.
func (d *stubDesk) asks(ctx context.Context, request string) {
	d.t.Helper()
	for {
		d.mu.Lock()
		there, heard := slices.Contains(d.asked, request), d.heard
		d.mu.Unlock()
		if there {
			return
		}
		select {
		case <-heard:
		case <-ctx.Done():
			d.t.Fatalf("%s was not asked: %q", request, d.asked)
		}
	}
}

// stepStates gives steps of which the first are found.
func stepStates(found int) (all []any) {
	for i, id := range []string{"tcp-handshake", "upgrade", "login", "members", "login-broadcast", "say", "say-broadcast"} {
		status := "missing"
		if i < found {
			status = "found"
		}
		all = append(all, map[string]string{"id": id, "status": status})
	}
	return all
}

func (d *stubDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	room, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if r.URL.Query().Get("lang") == "" && what != "wire" && what != "capture" && !strings.HasPrefix(what, "visit/") {
		d.t.Errorf("%s %s: in no language", r.Method, r.URL)
	}
	body, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	request := r.Method + " " + r.URL.Path
	if what != "hand-in" {
		request += " " + string(body)
	}
	d.asked = append(d.asked, request)
	close(d.heard)
	d.heard = make(chan struct{})
	status := d.refuse[r.URL.Path]
	round := d.states["desk"]["round"]
	hold := d.hold
	d.mu.Unlock()
	if status != 0 {
		refuse(w, status, fmt.Sprintf("refused: %s <b>&</b>", what))
		return
	}
	if _, err := r.Cookie("teacher"); err != nil && room == "class" && what != "enter" {
		refuse(w, http.StatusForbidden, "open the link that your terminal printed")
		return
	}
	switch {
	case what == "events":
		d.events(w, r, room)
	case what == "wire" && room == "desk":
		d.wire(w, r)
	case what == "visit/"+fmt.Sprint(round):
		w.WriteHeader(http.StatusNoContent)
	case strings.HasPrefix(what, "visit/"):
		w.WriteHeader(http.StatusGone)
	case what == "me":
		d.me(w, body)
	case what == "capture":
		w.Header().Set("Content-Disposition", "attachment; filename=zoe.pcap")
		w.Write(pcapOf(d.t, documentedPackets(d.t)))
	case what == "enter":
		if string(body) != `{"key":"K"}` {
			refuse(w, http.StatusForbidden, "wrong key")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "teacher", Value: "1", Path: "/class", HttpOnly: true})
		w.WriteHeader(http.StatusNoContent)
	case what == "hand-in":
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
				return
			}
		}
		d.handIn(w, r, body)
	case room == "class" && r.Method == http.MethodPost:
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": why})
}

func (d *stubDesk) events(w http.ResponseWriter, r *http.Request, page string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		d.mu.Lock()
		data, err := json.Marshal(d.states[page])
		changed := d.changed
		d.mu.Unlock()
		if err != nil {
			d.t.Error(err)
		}
		fmt.Fprintf(w, "data: %s\n\n", data)
		http.NewResponseController(w).Flush()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// wire is one with nothing on it, whose viewer may choose.
func (d *stubDesk) wire(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := conn.CloseRead(r.Context())
	d.mu.Lock()
	all, changed := d.states["desk"]["wire"] == "all", d.changed
	d.mu.Unlock()
	scopes, scope := []string{"own"}, "own"
	if all {
		scopes = []string{"own", "all"}
		if r.URL.Query().Get("scope") != "own" {
			scope = "all"
		}
	}
	wsjson.Write(ctx, conn, map[string]any{"type": "hello", "run": "r", "shared": false, "port": 7272, "scope": scope, "scopes": scopes, "stage": "namespace"})
	wsjson.Write(ctx, conn, map[string]any{"type": "status", "running": true})
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		d.mu.Lock()
		now := d.states["desk"]["wire"] == "all"
		changed = d.changed
		d.mu.Unlock()
		if now != all {
			conn.Close(websocket.StatusServiceRestart, "")
			return
		}
	}
}

func (d *stubDesk) me(w http.ResponseWriter, body []byte) {
	var m struct{ Student, Token string }
	if err := json.Unmarshal(body, &m); err != nil {
		d.t.Error(err)
	}
	switch {
	case m.Student == "bob":
		refuse(w, http.StatusConflict, "bob is taken: tell your teacher")
		return
	case m.Token != "" && m.Token != "T":
		refuse(w, http.StatusForbidden, "nobody's token")
		return
	case m.Token == "T":
		m.Student = "zoe"
	}
	var task any
	if m.Student != "" {
		task = map[string]string{"nick": "mynick", "message": "hi,  all !"}
	}
	d.set("desk", "student", m.Student, "task", task)
	w.WriteHeader(http.StatusNoContent)
}

// handIn answers as lab check does.
func (d *stubDesk) handIn(w http.ResponseWriter, r *http.Request, body []byte) {
	if !r.URL.Query().Has("name") {
		body = pcapOf(d.t, documentedPackets(d.t)[:29]) // before the message
	}
	report, err := check.File(r.Context(), bytes.NewReader(body), "x.pcap", steps.Task{Nick: scenario.Nick, Message: scenario.Message})
	if err != nil {
		refuse(w, http.StatusUnsupportedMediaType, "not a capture: "+r.URL.Query().Get("name"))
		return
	}
	var rendered bytes.Buffer
	if err := render.JSON(&rendered, "x.pcap", report, catalogue.Lang(r.URL.Query().Get("lang"))); err != nil {
		d.t.Error(err)
	}
	d.mu.Lock()
	files := 1
	if h, ok := d.states["desk"]["handed"].(map[string]int); ok {
		files += h["files"]
	}
	d.mu.Unlock()
	d.set("desk", "handed", map[string]int{"files": files, "found": report.Found(), "of": len(report.Steps)})
	json.NewEncoder(w).Encode(map[string]any{"report": json.RawMessage(rendered.Bytes()), "stored": fmt.Sprintf("zoe-%d.pcap", files)})
}

func serveDesk(t testing.TB) (string, *stubDesk) {
	t.Helper()
	d := newStubDesk(t)
	page, _ := serveBoth(t, site.Options{Desk: d})
	return page, d
}

func places(taken string, ids ...string) (all []any) {
	for _, id := range ids {
		all = append(all, map[string]any{"id": id, "taken": id == taken})
	}
	return all
}
