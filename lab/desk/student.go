package desk

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/webclient/wire"
)

const (
	seatCookie = "seat"
	// maxVisits is how many cookies for one connection a seat may have at a time, as
	// many as it has tabs.
	maxVisits = 8
	// maxPages bounds the pages of a seat that are told what happens.
	maxPages = 8
)

// from is the address that a request comes from.
func from(r *http.Request) netip.Addr {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	return peer.Addr().Unmap()
}

// seatOf gives the seat of a request's page, with mu held. A page that has none gets
// one if make is set; nil means that there are too many.
func (d *Desk) seatOf(w http.ResponseWriter, r *http.Request, make bool) *seat {
	for _, c := range r.CookiesNamed(seatCookie) { // those of other paths and ports come too
		if s := d.bySecret[c.Value]; s != nil {
			s.addr, s.seen = from(r), d.o.Now()
			return s
		}
	}
	if !make {
		return nil
	}
	s := d.newSeat(from(r), true)
	if s != nil {
		setSeat(w, s)
	}
	return s
}

// setSeat gives a page its seat. Without a path the cookie is sent to the desk alone
// (RFC 6265 §5.1.4), whatever a proxy puts before it.
func setSeat(w http.ResponseWriter, s *seat) {
	http.SetCookie(w, &http.Cookie{Name: seatCookie, Value: s.secret, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

type studentState struct {
	Round    string      `json:"round"`
	Student  string      `json:"student"`
	Students []place     `json:"students"` // nil: there is no class list
	Task     *taskState  `json:"task"`
	Results  bool        `json:"results"`
	Paused   bool        `json:"paused"`
	Muted    bool        `json:"muted"`
	Wire     string      `json:"wire"`
	Steps    []stepState `json:"steps"`
	Handed   *handed     `json:"handed"`
}

type place struct {
	ID    string `json:"id"`
	Taken bool   `json:"taken"`
}

type taskState struct {
	Nick    string `json:"nick"`
	Message string `json:"message"`
}

type stepState struct {
	ID     annotate.Step `json:"id"`
	Status steps.Status  `json:"status"`
}

func stepsOf(s *seat) []stepState {
	all := make([]stepState, len(s.steps))
	for i := range s.steps {
		all[i] = stepState{s.steps[i].ID, s.steps[i].Status}
	}
	return all
}

func (d *Desk) taskState(student string) *taskState {
	if t, ok := d.task(student); ok {
		return &taskState{t.Nick, t.Message}
	}
	return nil
}

func (s *seat) handedState() *handed {
	if s.handed.Files == 0 {
		return nil
	}
	h := *s.handed
	return &h
}

func (d *Desk) roundName() string { return d.lesson + "-" + strconv.Itoa(d.round) }

// state is what a seat's pages know.
func (d *Desk) state(s *seat) any {
	state := studentState{
		Round: d.roundName(), Student: s.student, Task: d.taskState(s.student), Results: d.o.HandIn,
		Paused: d.paused, Muted: s.muted, Wire: d.scope(), Steps: stepsOf(s), Handed: s.handedState(),
	}
	if d.o.Class != nil {
		state.Students = []place{}
		if s.student == "" { // who has chosen needs no list
			for _, id := range d.o.Class.IDs {
				state.Students = append(state.Students, place{id, d.student[id] != nil})
			}
		}
	}
	return state
}

func (d *Desk) scope() string {
	if d.shared {
		return "all"
	}
	return "own"
}

func (d *Desk) studentEvents(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	s := d.seatOf(w, r, true)
	if s != nil && s.pages >= maxPages {
		s = nil
	}
	if s == nil {
		d.mu.Unlock()
		refuse(w, r, http.StatusServiceUnavailable, "full")
		return
	}
	s.pages++
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		s.pages--
		s.seen = d.o.Now()
	}()
	d.events(w, r, func() any { return d.state(s) })
}

// visit gives a page a cookie for its next connection.
func (d *Desk) visit(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.PathValue("round") != d.roundName() || d.ended {
		w.WriteHeader(http.StatusGone)
		return
	}
	if s := d.seatOf(w, r, false); s != nil {
		name := d.o.Text()
		d.visits[name] = &visit{seat: s}
		if s.visits = append(s.visits, name); len(s.visits) > maxVisits {
			delete(d.visits, s.visits[0])
			s.visits = s.visits[1:]
		}
		http.SetCookie(w, &http.Cookie{Name: VisitCookie, Value: name, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	w.WriteHeader(http.StatusNoContent)
}

// me takes which student sits before a page: one who chooses a name that nobody has,
// who has the link of a slip, or who gives the seat back.
func (d *Desk) me(w http.ResponseWriter, r *http.Request) {
	var m struct{ Student, Token string }
	if !asked(w, r, &m) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.seatOf(w, r, true)
	if s == nil {
		refuse(w, r, http.StatusServiceUnavailable, "full")
		return
	}
	id := ""
	switch {
	case m.Token != "":
		if id = d.tokens[m.Token]; id == "" {
			refuse(w, r, http.StatusForbidden, "token")
			return
		}
		if there := d.student[id]; there != nil && there != s {
			setSeat(w, there) // another device of the same student's
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if s.student != "" && s.student != id { // the next student at the same device
			if s = d.newSeat(s.addr, true); s == nil {
				refuse(w, r, http.StatusServiceUnavailable, "full")
				return
			}
			setSeat(w, s)
		}
	case m.Student != "":
		ok := false
		if d.o.Class != nil {
			id, ok = d.o.Class.Find(m.Student)
		}
		if !ok {
			refuse(w, r, http.StatusNotFound, "unknown")
			return
		}
		if there := d.student[id]; there != nil && there != s {
			refuse(w, r, http.StatusConflict, "taken")
			return
		}
	}
	d.seatStudent(s, id)
	w.WriteHeader(http.StatusNoContent)
}

// seatStudent has a student, or nobody, sit on a seat.
func (d *Desk) seatStudent(s *seat, id string) {
	if s.student == id {
		return
	}
	d.o.Log.Info("seat", "seat", s.number, "student", id, "was", s.student, "from", s.addr)
	if s.student != "" {
		delete(d.student, s.student)
		// What the one has done is not the other's, nor are their packets.
		flows := s.flows
		s.begin(d, d.o.Now())
		s.flows = flows
	}
	s.student, s.handed = id, &handed{}
	if id != "" {
		d.student[id] = s
		if d.handed[id] == nil {
			d.handed[id] = s.handed
		}
		s.handed = d.handed[id]
	}
	s.changed = s.evidence != nil
}

// wire shows a page the packets of its seat, or the whole wire where it may see that.
func (d *Desk) wire(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	s := d.seatOf(w, r, false)
	var own *wire.Wire
	if s != nil {
		own = s.wire
	}
	shared, student := d.shared, s != nil && s.student != ""
	d.mu.Unlock()
	scope := wire.Scope{Name: "all", Stage: d.o.Stage, Choices: []string{"own", "all"}}
	mayAll := d.o.Wire.Allows(r)
	if !mayAll {
		scope.Choices = scope.Choices[:1]
	}
	// On this machine a student sees their own, too, unless they choose; else all.
	wanted := r.URL.Query().Get("scope")
	if wanted == "" && student && !shared {
		wanted = "own"
	}
	if own == nil || mayAll && wanted != "own" {
		d.o.Wire.Serve(w, r, scope)
		return
	}
	scope.Name = "own"
	own.ServeAllowed(w, r, scope)
}

// capture gives a page its own packets.
func (d *Desk) capture(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	s := d.seatOf(w, r, false)
	var c *capture
	name := "chatlab"
	if s != nil {
		c = s.kept
		if s.student != "" {
			name = s.student
		}
	}
	d.mu.Unlock()
	d.give(w, r, c, name+".pcap")
}

// give sends a capture as a file to keep.
func (d *Desk) give(w http.ResponseWriter, r *http.Request, c *capture, name string) {
	f, err := c.open()
	if err != nil {
		refuse(w, r, http.StatusNotFound, "nothing")
		return
	}
	defer f.Close()
	attach(w, name)
	http.ServeContent(w, r, "", time.Time{}, f)
}
