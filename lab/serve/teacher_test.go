package serve

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"chatlab/lab/class"
	"chatlab/lab/serve/servetest"
	"chatlab/lab/stage"
)

// What the teacher orders on the page is so in the chat: nobody's messages pass while it
// is paused, nor those of who is muted, by whatever connection; a round that is over is
// empty. Who is refused is told.
func TestTeacherRules(t *testing.T) {
	l, err := Open(Options{Stage: stage.Userspace, Host: "127.0.0.1", Class: class.NewRoster([]string{"zoe", "anna"}), Secret: soakSecret})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lesson, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.Run(lesson) }()
	defer func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	page, chat := url(l.host(), l.PagePort), url(l.host(), l.ChatPort)
	teacher, err := servetest.NewTeacher(ctx, page, l.desk.Key())
	if err != nil {
		t.Fatal(err)
	}
	seats := make(chan map[string]int, 100)
	if err := teacher.Watch(ctx, func(rows []servetest.Row) {
		of := map[string]int{}
		for _, r := range rows {
			of[r.ID] = r.Seat
		}
		select {
		case seats <- of:
		default:
		}
	}); err != nil {
		t.Fatal(err)
	}
	enter := func(id string) (p *servetest.Pupil, welcome string) {
		t.Helper()
		p = servetest.NewPupil(page, chat, student(id), nil)
		if err := p.Join(ctx); err != nil {
			t.Fatal(err)
		}
		return p, told(ctx, p, "client_list")
	}
	order := func(what, order string, args ...any) {
		t.Helper()
		if err := teacher.Order(ctx, what, fmt.Sprintf(order, args...)); err != nil {
			t.Fatal(err)
		}
	}
	// say has somebody say something and gives what is told of it: first to who said it,
	// then, if that was no refusal, to the other.
	say := func(p, other *servetest.Pupil, text string) (own, heard string) {
		t.Helper()
		if err := p.Say(ctx, text); err != nil {
			t.Fatal(err)
		}
		if own = told(ctx, p, text, "refused"); strings.Contains(own, "refused") {
			return own, ""
		}
		return own, told(ctx, other, text)
	}
	zoe, _ := enter("zoe")
	anna, _ := enter("anna")
	if _, heard := say(zoe, anna, "one"); !strings.Contains(heard, "one") {
		t.Fatalf("before: %q", heard)
	}
	order("pause", `{"paused":true}`)
	for _, p := range []*servetest.Pupil{zoe, anna} {
		if own, _ := say(p, zoe, "two"); !strings.Contains(own, "paused") {
			t.Errorf("paused: %q", own)
		}
	}
	order("pause", `{"paused":false}`)
	if _, heard := say(anna, zoe, "three"); !strings.Contains(heard, "three") {
		t.Errorf("no longer paused: %q", heard)
	}
	seat := 0
	for seat == 0 {
		seat = (<-seats)["zoe"]
	}
	order("mute", `{"seat":%d,"muted":true}`, seat)
	again, _ := enter("zoe") // on another device
	for _, p := range []*servetest.Pupil{zoe, again} {
		if own, _ := say(p, anna, "four"); !strings.Contains(own, "muted") {
			t.Errorf("muted: %q", own)
		}
	}
	if _, heard := say(anna, zoe, "five"); !strings.Contains(heard, "five") {
		t.Errorf("the others: %q", heard)
	}
	order("round", `{}`)
	for _, p := range []*servetest.Pupil{zoe, anna, again} {
		for range p.Told { // until its connection ends
		}
	}
	if _, welcome := enter("anna"); strings.Count(welcome, `":"`) == 0 || strings.Contains(welcome, zoe.Nick) {
		t.Errorf("the next round begins with %q", welcome)
	}
}

// told waits for a message with one of some words in it.
func told(ctx context.Context, p *servetest.Pupil, words ...string) string {
	for {
		select {
		case text, ok := <-p.Told:
			if !ok {
				return "the connection has ended"
			}
			for _, word := range words {
				if strings.Contains(text, word) {
					return text
				}
			}
		case <-ctx.Done():
			return "nothing"
		}
	}
}
