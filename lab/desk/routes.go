package desk

import "net/http"

func (d *Desk) routes() *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("GET /desk/events", d.studentEvents)
	m.HandleFunc("GET /desk/visit/{round}", d.visit)
	m.HandleFunc("GET /desk/wire", d.wire)
	m.HandleFunc("GET /desk/capture", d.capture)
	m.HandleFunc("POST /desk/me", d.me)
	m.HandleFunc("POST /desk/hand-in", d.handIn)
	m.HandleFunc("POST /class/enter", d.enter)
	m.HandleFunc("GET /class/events", d.teachers(func(w http.ResponseWriter, r *http.Request) { d.events(w, r, d.table) }))
	m.HandleFunc("POST /class/pause", order(d, d.pause))
	m.HandleFunc("POST /class/mute", order(d, d.mute))
	m.HandleFunc("POST /class/wire", order(d, d.share))
	m.HandleFunc("POST /class/round", d.teachers(d.nextRound))
	m.HandleFunc("POST /class/release", order(d, d.release))
	m.HandleFunc("GET /class/capture.pcap", d.teachers(d.whole))
	m.HandleFunc("GET /class/captures.zip", d.teachers(d.each))
	m.HandleFunc("GET /class/table.csv", d.teachers(d.sheet))
	return m
}

// ServeHTTP serves what is below /desk/ and /class/. What other sites' pages ask for
// it refuses.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := crossOrigin.Check(r); err != nil {
		refuse(w, r, http.StatusForbidden, "foreign.page")
		return
	}
	d.mux.ServeHTTP(w, r)
}

var crossOrigin = http.NewCrossOriginProtection()
