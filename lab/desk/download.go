package desk

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
)

// attach says that a browser is to save an answer under a name.
func attach(w http.ResponseWriter, name string) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
}

// whole gives the teacher the capture of the lesson.
func (d *Desk) whole(w http.ResponseWriter, r *http.Request) {
	d.give(w, r, d.o.Keep.whole, "lesson.pcap")
}

// maxEarlier bounds the captures of earlier rounds that the teacher can load; all packets
// are in the whole capture.
const maxEarlier = 4096

// earlier is a capture of a round that is over, or of who sat there before.
type earlier struct {
	name  string
	round int
	of    *capture
}

// each gives the teacher a capture for each seat, and those of the rounds before.
func (d *Desk) each(w http.ResponseWriter, r *http.Request) {
	type item struct {
		name string
		of   *capture
	}
	var items []item
	d.mu.Lock()
	for _, s := range d.seats {
		if s.kept != nil {
			items = append(items, item{s.called() + ".pcap", s.kept})
		}
	}
	for _, e := range d.earlier {
		items = append(items, item{fmt.Sprintf("%s-round-%d.pcap", e.name, e.round), e.of})
	}
	now := d.o.Now()
	d.mu.Unlock()
	attach(w, "captures.zip")
	named := map[string]int{}
	z := zip.NewWriter(w)
	for _, i := range items {
		f, err := i.of.open()
		if err != nil {
			continue // it has no packet
		}
		if named[i.name]++; named[i.name] > 1 { // somebody left a seat and came back
			i.name = fmt.Sprintf("%s-%d.pcap", strings.TrimSuffix(i.name, ".pcap"), named[i.name])
		}
		to, err := z.CreateHeader(&zip.FileHeader{Name: i.name, Method: zip.Deflate, Modified: now})
		if err == nil {
			_, err = io.Copy(to, f)
		}
		f.Close()
		if err != nil {
			return // the teacher has gone
		}
	}
	z.Close()
}

// called names a seat's files.
func (s *seat) called() string {
	if s.student != "" {
		return s.student
	}
	return fmt.Sprintf("guest-%d", s.number)
}

// sheet gives the teacher the table, for a spreadsheet.
func (d *Desk) sheet(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	rows := d.rows()
	d.mu.Unlock()
	lang := language(r)
	say := func(key string) string { return texts.Message(key).In(lang) }
	attach(w, "table.csv")
	io.WriteString(w, "\ufeff") // by which spreadsheets know UTF-8
	out := csv.NewWriter(w)
	head := []string{say("student"), say("name"), say("task.nick"), say("task.message")}
	for _, step := range scenario.Steps {
		head = append(head, steps.Name(step.ID).In(lang))
	}
	out.Write(append(head, say("heard"), say("files"), say("points"), say("seen")))
	for i := range rows {
		row := &rows[i]
		nick, message, files, points, seen := "", "", "0", "", ""
		if row.Task != nil {
			nick, message = row.Task.Nick, row.Task.Message
		}
		if row.Handed != nil {
			files, points = strconv.Itoa(row.Handed.Files), strconv.Itoa(row.Handed.Found)
		}
		if row.Seen > 0 {
			seen = time.Unix(row.Seen, 0).UTC().Format(time.RFC3339)
		}
		line := []string{plain(row.ID), plain(row.Name), nick, message}
		for i := range scenario.Steps {
			status := steps.Missing
			if i < len(row.Steps) {
				status = row.Steps[i].Status
			}
			line = append(line, status.Name().In(lang))
		}
		out.Write(append(line, strconv.Itoa(row.Heard), files, points, seen))
	}
	out.Flush()
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
