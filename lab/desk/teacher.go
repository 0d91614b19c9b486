package desk

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"slices"

	"chatlab/sniffer/annotate"
)

const teacherCookie = "teacher"

// isTeacher tells whether a request comes from who has opened the teacher's link.
func (d *Desk) isTeacher(r *http.Request) bool {
	for _, c := range r.CookiesNamed(teacherCookie) {
		if subtle.ConstantTimeCompare([]byte(c.Value), []byte(d.key)) == 1 {
			return true
		}
	}
	return false
}

// teachers lets only the teacher in.
func (d *Desk) teachers(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.isTeacher(r) {
			refuse(w, r, http.StatusForbidden, "teacher")
			return
		}
		next(w, r)
	}
}

// enter lets in who has the key.
func (d *Desk) enter(w http.ResponseWriter, r *http.Request) {
	var m struct{ Key string }
	if !asked(w, r, &m) {
		return
	}
	if subtle.ConstantTimeCompare([]byte(m.Key), []byte(d.key)) != 1 {
		d.o.Log.Warn("wrong key for the teacher's page", "from", from(r))
		refuse(w, r, http.StatusForbidden, "teacher")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: teacherCookie, Value: d.key, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.WriteHeader(http.StatusNoContent)
}

type teacherState struct {
	Round   int    `json:"round"`
	Since   int64  `json:"since"` // when it began, in seconds since 1970
	Now     int64  `json:"now"`
	Paused  bool   `json:"paused"`
	Wire    string `json:"wire"`
	Results bool   `json:"results"`
	Stage   string `json:"stage"`
	Rows    []row  `json:"rows"`
	// Dropped are packets that are not in the captures.
	Dropped int `json:"dropped"`
}

type row struct {
	Seat      int           `json:"seat"` // 0: a student who has not come
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Task      *taskState    `json:"task"`
	Address   string        `json:"address"`
	Page      bool          `json:"page"`
	Connected bool          `json:"connected"`
	Steps     []stepState   `json:"steps"`
	Heard     int           `json:"heard"`
	Handed    *handed       `json:"handed"`
	Seen      int64         `json:"seen"`
	Step      annotate.Step `json:"step"`
	Stuck     int64         `json:"stuck"` // seconds in the step
	Muted     bool          `json:"muted"`
}

// table is what the teacher sees.
func (d *Desk) table() any {
	now := d.o.Now()
	t := teacherState{
		Round: d.round, Since: d.began.Unix(), Now: now.Unix(), Paused: d.paused, Wire: d.scope(),
		Results: d.o.HandIn, Stage: d.o.Stage, Rows: d.rows(), Dropped: d.o.Keep.Dropped() + d.o.Lost(),
	}
	return t
}

// rows has everybody: who is longest in one step first, then who is done, then who is
// not here.
func (d *Desk) rows() []row {
	rows := []row{}
	now := d.o.Now()
	for _, s := range d.seats {
		here := s.pages > 0 || s.flows > 0
		if s.student == "" && !here && s.name == "" && s.handed.Files == 0 {
			continue // somebody has only looked in
		}
		r := row{
			Seat: s.number, ID: s.student, Name: s.name, Task: d.taskState(s.student), Address: s.addr.String(),
			Page: s.pages > 0, Connected: s.flows > 0, Steps: stepsOf(s), Heard: len(s.heard), Handed: s.handedState(),
			Seen: s.seen.Unix(), Step: s.step, Muted: s.muted,
		}
		if s.pages > 0 || s.flows > 0 {
			r.Seen = now.Unix()
		}
		if here && s.step != "" {
			r.Stuck = max(1, now.Unix()-s.since.Unix())
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Stuck, a.Stuck), cmp.Compare(a.ID, b.ID))
	})
	if d.o.Class != nil {
		for _, id := range d.o.Class.IDs {
			if d.student[id] == nil {
				rows = append(rows, row{ID: id, Task: d.taskState(id), Steps: []stepState{}})
			}
		}
	}
	return rows
}

func rank(r row) int {
	switch {
	case r.Stuck > 0:
		return 0
	case r.Page || r.Connected:
		return 1
	}
	return 2
}

// order takes what the teacher wants, and shows it to all at once.
func order[T any](d *Desk, do func(T) (key string)) http.HandlerFunc {
	return d.teachers(func(w http.ResponseWriter, r *http.Request) {
		var m T
		if !asked(w, r, &m) {
			return
		}
		d.mu.Lock()
		key := do(m)
		d.mu.Unlock()
		if key != "" {
			refuse(w, r, http.StatusNotFound, key)
			return
		}
		d.Tick()
		w.WriteHeader(http.StatusNoContent)
	})
}

type (
	pauseOrder struct{ Paused bool }
	muteOrder  struct {
		Seat  int
		Muted bool
	}
	wireOrder    struct{ All bool }
	releaseOrder struct{ Seat int }
)

func (d *Desk) seat(number int) *seat {
	for _, s := range d.seats {
		if s.number == number {
			return s
		}
	}
	return nil
}

func (d *Desk) pause(m pauseOrder) string {
	d.paused = m.Paused
	d.o.Log.Info("pause", "paused", m.Paused)
	return ""
}

func (d *Desk) mute(m muteOrder) string {
	s := d.seat(m.Seat)
	if s == nil {
		return "gone"
	}
	s.muted = m.Muted
	d.o.Log.Info("mute", "seat", s.number, "student", s.student, "muted", m.Muted)
	return ""
}

func (d *Desk) share(m wireOrder) string {
	if d.shared == m.All {
		return ""
	}
	d.shared = m.All
	d.o.Wire.Share(m.All)
	for _, s := range d.seats {
		s.wire.Dismiss()
	}
	d.o.Log.Info("wire", "shared", m.All)
	return ""
}

func (d *Desk) release(m releaseOrder) string {
	s := d.seat(m.Seat)
	if s == nil {
		return "gone"
	}
	d.seatStudent(s, "")
	return ""
}

// nextRound ends a round: everybody leaves the chat, whose room is clean then, and
// begins again on a page of the next one.
func (d *Desk) nextRound(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	d.round++
	d.began = d.o.Now()
	clear(d.speakers)
	for _, s := range d.seats {
		s.begin(d, d.began)
		s.captures = 0
	}
	d.o.Log.Info("round", "round", d.round)
	d.mu.Unlock()
	if d.o.Clean != nil {
		d.o.Clean() // who asks, for each message, who is muted
	}
	d.Tick()
	w.WriteHeader(http.StatusNoContent)
}
