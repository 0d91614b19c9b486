package desk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/render"
	pcap "chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

const (
	uploadTime = 2 * time.Minute  // for a capture to come
	checkTime  = 10 * time.Second // to check it
)

// handIn takes a capture, the page's own packets or a file, keeps it and answers with
// what lab check says of it.
func (d *Desk) handIn(w http.ResponseWriter, r *http.Request) {
	if !d.o.HandIn {
		refuse(w, r, http.StatusForbidden, "results.none")
		return
	}
	if r.ContentLength > maxUpload {
		refuse(w, r, http.StatusRequestEntityTooLarge, "large", "most", maxUpload>>20)
		return
	}
	d.mu.Lock()
	s := d.seatOf(w, r, true)
	switch {
	case s == nil:
		refuse(w, r, http.StatusServiceUnavailable, "full")
	case d.o.Class != nil && s.student == "":
		refuse(w, r, http.StatusForbidden, "choose")
	case s.busy:
		refuse(w, r, http.StatusTooManyRequests, "busy")
	case s.handed.Files >= maxFiles:
		refuse(w, r, http.StatusTooManyRequests, "many", "most", maxFiles)
	case d.ended:
		refuse(w, r, http.StatusServiceUnavailable, "broken")
	default:
		s.busy = true
		d.taking.Add(1)
		student, kept := s.student, s.kept
		d.mu.Unlock()
		defer d.taking.Done()
		free := sync.OnceFunc(func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			s.busy = false
		})
		defer free()
		d.takeHandIn(w, r, s, student, kept, free)
		return
	}
	d.mu.Unlock()
}

// takeHandIn calls free when the next one may come.
func (d *Desk) takeHandIn(w http.ResponseWriter, r *http.Request, s *seat, student string, kept *capture, free func()) {
	end := d.uploads.begin(from(r))
	if end == nil {
		refuse(w, r, http.StatusTooManyRequests, "busy")
		return
	}
	defer end()
	source := io.Reader(http.MaxBytesReader(w, r.Body, maxUpload))
	socket := http.NewResponseController(w)
	socket.SetReadDeadline(time.Now().Add(uploadTime))
	if !r.URL.Query().Has("name") {
		own, err := kept.open()
		if err != nil {
			refuse(w, r, http.StatusNotFound, "nothing")
			return
		}
		defer own.Close()
		source = own
	}
	name, status, why := d.store(r, source, s, student)
	if why.Key() != "" {
		answer(w, status, struct {
			Error string `json:"error"`
		}{why.In(language(r))})
		return
	}
	socket.SetReadDeadline(time.Time{}) // whoever has sent theirs may wait for others'
	report, status, why := d.verdict(r, name, student)
	if why.Key() != "" {
		d.o.Keep.remove(name)
		answer(w, status, struct {
			Error string `json:"error"`
		}{why.In(language(r))})
		return
	}
	var rendered bytes.Buffer
	if err := render.JSON(&rendered, path.Base(name), report, language(r)); err != nil {
		panic(err) // of a buffer
	}
	found := report.Found()
	d.mu.Lock()
	if s.student == student {
		s.handed.Files++
		s.handed.Found, s.handed.Of = max(s.handed.Found, found), len(report.Steps)
	}
	d.mu.Unlock()
	free()
	d.o.Log.Info("handed in", "seat", s.number, "student", student, "file", name, "found", found)
	answer(w, http.StatusOK, struct {
		Report json.RawMessage `json:"report"`
		Stored string          `json:"stored"`
	}{rendered.Bytes(), path.Base(name)})
}

// store writes a capture to the results. Where it cannot, it gives a status and why.
func (d *Desk) store(r *http.Request, source io.Reader, s *seat, student string) (name string, status int, why catalogue.Message) {
	buffered := bufio.NewReader(source)
	begin, err := buffered.Peek(4)
	var tooLarge *http.MaxBytesError
	if len(begin) < 4 && err != nil && !errors.Is(err, io.EOF) {
		return "", http.StatusBadRequest, texts.Message("broken")
	}
	extension := extensionOf(begin)
	if extension == "" {
		return "", http.StatusUnsupportedMediaType, texts.Message("foreign")
	}
	folder := student
	if folder == "" {
		folder = fmt.Sprintf("guest-%d", s.number)
	}
	f, name, err := d.o.Keep.next(folder, extension)
	if err != nil {
		d.o.Log.Error("hand in", "student", student, "error", err)
		return "", http.StatusInternalServerError, texts.Message("disk")
	}
	// A client that is slow to say how much comes counts for what came.
	n, err := io.Copy(f, buffered)
	if closed := f.Close(); err == nil {
		err = closed
	}
	var disk *os.PathError
	switch {
	case errors.As(err, &tooLarge):
		status, why = http.StatusRequestEntityTooLarge, texts.Message("large", "most", maxUpload>>20)
	case errors.As(err, &disk):
		d.o.Log.Error("hand in", "student", student, "error", err)
		status, why = http.StatusInternalServerError, texts.Message("disk")
	case err != nil:
		status, why = http.StatusBadRequest, texts.Message("broken")
	case !d.uploads.take(from(r), n):
		status, why = http.StatusInsufficientStorage, texts.Message("quota")
	default:
		return name, 0, catalogue.Message{}
	}
	d.o.Keep.remove(name)
	return "", status, why
}

// verdict checks what was handed in, one or two at a time, and one from an address:
// others' are not behind all that somebody sends whose checks take long.
func (d *Desk) verdict(r *http.Request, name, student string) (report *check.Report, status int, why catalogue.Message) {
	ctx := r.Context()
	for _, turn := range []chan struct{}{d.lane(from(r)), d.checking} {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return nil, http.StatusRequestTimeout, texts.Message("broken")
		}
	}
	f, err := d.o.Keep.root.Open(name)
	if err != nil {
		return nil, http.StatusInternalServerError, texts.Message("disk")
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	c, err := evidence.File(ctx, f, name, d.o.Port)
	if ctx.Err() != nil || errors.Is(err, pcap.ErrUnpacked) {
		return nil, http.StatusUnprocessableEntity, texts.Message("long")
	}
	if c == nil {
		var unreadable *evidence.Unreadable
		if errors.As(err, &unreadable) {
			return nil, http.StatusUnsupportedMediaType, texts.Message("unreadable", "why", unreadable.Err)
		}
		return nil, http.StatusUnsupportedMediaType, texts.Message("foreign")
	}
	task, ok := d.task(student)
	if !ok {
		task = guestTask(c)
	}
	return check.Capture(c, task), 0, catalogue.Message{}
}

// lane is where the captures of an address wait for each other.
func (d *Desk) lane(from netip.Addr) chan struct{} {
	return d.lanes[maphash.Comparable(d.laneSeed, from)%uint64(len(d.lanes))]
}

// extensions are those of capture files, by what they begin with.
var extensions = []struct{ magic, extension string }{
	{"\xd4\xc3\xb2\xa1", ".pcap"}, {"\xa1\xb2\xc3\xd4", ".pcap"}, {"\x4d\x3c\xb2\xa1", ".pcap"}, {"\xa1\xb2\x3c\x4d", ".pcap"},
	{"\x0a\x0d\x0d\x0a", ".pcapng"}, {"\x1f\x8b", ".pcap.gz"}, {"\x28\xb5\x2f\xfd", ".pcap.zst"}, {"\x04\x22\x4d\x18", ".pcap.lz4"},
}

// extensionOf gives the extension for a file that begins so, or nothing where that is
// no capture.
func extensionOf(begin []byte) string {
	for _, e := range extensions {
		if strings.HasPrefix(string(begin), e.magic) {
			return e.extension
		}
	}
	return ""
}
