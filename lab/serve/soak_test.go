package serve

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatlab/lab/class"
	"chatlab/lab/serve/servetest"
)

var soak = flag.Duration("soak", 0, "how long TestSoak lasts")

const (
	soakStudents = 200
	soakRate     = 20 // messages a second in the room
	soakSecret   = "soak"
)

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
	teacher, err := servetest.NewTeacher(ctx, page, l.desk.Key())
	if err != nil {
		t.Fatal(err)
	}
	err = teacher.Watch(ctx, func(rows []servetest.Row) {
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
	if err != nil {
		t.Fatal(err)
	}
	var all []*servetest.Pupil
	for _, id := range ids {
		p := servetest.NewPupil(page, url(l.host(), l.ChatPort), student(id), nil)
		if err := p.Join(ctx); err != nil {
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
			right := done[p.ID]
			mu.Unlock()
			waiting.Go(func() {
				passed := <-p.Said
				select {
				case <-right:
				case <-time.After(time.Minute):
					t.Errorf("%s is not done in the table", p.ID)
				}
				worst.Store(max(worst.Load(), int64(time.Since(passed))))
			})
			if err := p.Say(ctx, p.Message); err != nil {
				t.Fatal(err)
			}
		} else if err := p.Say(ctx, fmt.Sprint("message ", i)); err != nil {
			t.Fatal(err)
		}
		if time.Since(sample) > max(time.Second, *soak/10) {
			sample = time.Now()
			last = measure()
			if time.Since(began) < *soak*3/10 {
				first = last
			}
			mu.Lock()
			t.Logf("%5.0f s: heap %d MiB, %d goroutines; %d tables; %d packets not captured, %d not kept", time.Since(began).Seconds(), last.heap>>20, last.goroutines, tables, lost(l.bundle.Packets), l.keep.Dropped())
			mu.Unlock()
		}
	}
	waiting.Wait()
	var heard, packets int64
	for _, p := range all {
		heard += p.Heard.Load()
		packets += p.Packets.Load()
	}
	t.Logf("%d messages, %d heard, %d packets shown to students; the table at worst %v behind the wire", messages, heard, packets, time.Duration(worst.Load()).Round(time.Millisecond))
	if worst := time.Duration(worst.Load()); worst > 2*time.Second {
		t.Errorf("the table is %v behind the wire", worst)
	}
	if last.heap > first.heap*5/4+16<<20 || last.goroutines > first.goroutines+20 {
		t.Errorf("from %+v to %+v", first, last)
	}
}

func student(id string) servetest.Student {
	task := class.Assign(soakSecret, id)
	return servetest.Student{ID: id, Nick: task.Nick, Message: task.Message, Token: class.Token(soakSecret, id)}
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
