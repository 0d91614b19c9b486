package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"chatlab/lab/class"
	"chatlab/lab/serve/servetest"
	"chatlab/webclient/browsertest"
)

const classSecret = "the secret of the class"

// given starts lab serve for a class, and gives where its page, its chat and the
// teacher's page are. At the end of the test it is interrupted.
func given(t *testing.T, args ...string) (page, chat, teacher string) {
	t.Helper()
	cmd := exec.Command(built(t), append([]string{"serve", "--lang", "en"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	said := invited(t, cmd)
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the lesson ends with %v\n%s", err, stderr.String())
		}
	})
	find := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(said)
		if m == nil {
			t.Fatalf("%s is not in\n%s%s", pattern, said, stderr.String())
		}
		return m[1]
	}
	page = find(`On this machine: +(\S+)`)
	s := &script{t: t}
	s.open(page)
	return page, "http" + strings.TrimPrefix(s.chat, "ws"), find(`Your own page: +(\S+)`)
}

// TestClassOfThirty is the hour: thirty students come, two of them by real browsers, do
// their tasks and hand in; the teacher sees each step in a browser of their own, and
// grades. With CHATLAB_ARTIFACTS=DIR it leaves pictures of the pages there.
func TestClassOfThirty(t *testing.T) {
	chromium := browsertest.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	dir := t.TempDir()
	list, results := filepath.Join(dir, "class.csv"), filepath.Join(dir, "results")
	var ids []string
	for i := range 30 {
		ids = append(ids, fmt.Sprintf("élève-%02d", i+1))
	}
	if err := os.WriteFile(list, []byte("\ufeffidentifiant;nom\r\n"+strings.Join(ids, ";\r\n")+";\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	page, chat, link := given(t, "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0",
		"--class", list, "--secret", classSecret, "--results", results)
	_, key, _ := strings.Cut(link, "#key=")
	table := newTable(ctx, t, page, key)

	teacher := opened(t, ctx, chromium, link, 1920, 1080, "fr")
	desktop := opened(t, ctx, chromium, page+"/?token="+class.Token(classSecret, ids[0]), 1280, 720, "fr")
	phone := opened(t, ctx, chromium, page, 390, 844, "zh")
	phone.do(`[...document.querySelectorAll("#who-list button")].length === 30`,
		fmt.Sprintf(`[...document.querySelectorAll("#who-list button")].find((b) => b.textContent.includes(%q)).click()`, ids[1]))
	var others []*servetest.Pupil
	var joining sync.WaitGroup
	for _, id := range ids[2:] {
		p := servetest.NewPupil(page, chat, student(id), nil)
		others = append(others, p)
		joining.Go(func() {
			if err := p.Join(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	joining.Wait()
	for i, w := range []*chromiumWindow{desktop, phone} {
		task := class.Assign(classSecret, ids[i])
		w.do(fmt.Sprintf(`document.querySelector("#nickname")?.open && document.querySelector("#nickname-input").value === %q`, task.Nick),
			`document.querySelector("#nickname button").click()`)
	}
	table.until("all have joined", func(r servetest.Row) bool { return r.Connected && r.Step == "say" })
	pictures(teacher, "class-teacher-joined")

	for i, w := range []*chromiumWindow{desktop, phone} {
		w.say(class.Assign(classSecret, ids[i]).Message)
	}
	for _, p := range others {
		if err := p.Say(ctx, p.Message); err != nil {
			t.Error(err)
		}
	}
	table.until("all are done, and heard by all", func(r servetest.Row) bool { return r.Step == "" && r.Heard == len(ids)-1 })

	for _, w := range []*chromiumWindow{desktop, phone} {
		w.do(`!document.querySelector("#hand-in").disabled`, `document.querySelector("#hand-in").click()`)
		w.do(`document.querySelector("#verdict").open && document.querySelectorAll("#verdict .judged[data-status=found]").length === 7`, ``)
	}
	pictures(desktop, "class-student-verdict")
	for _, w := range []*chromiumWindow{desktop, phone} {
		w.do(`true`, `document.querySelector("#verdict").close()`)
	}
	for _, p := range others {
		if status, answer, err := p.HandIn(ctx); err != nil || status != 200 || !strings.Contains(answer, `"ok": true`) && !strings.Contains(answer, `"ok":true`) {
			t.Errorf("%s: %d %v %s", p.ID, status, err, answer)
		}
	}
	table.until("all have handed in", func(r servetest.Row) bool { return r.Handed != nil && r.Handed.Found == r.Handed.Of })
	pictures(teacher, "class-teacher-done")
	pictures(desktop, "class-student-done")

	out, err := exec.Command(built(t), "grade", "--class", list, "--secret", classSecret, "--chat", chat[strings.LastIndex(chat, ":")+1:], "--csv", "-", results).Output()
	if err != nil {
		t.Fatalf("grade: %v\n%s", err, out)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(out), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != len(ids)+1 {
		t.Fatalf("%d lines, %v\n%s", len(lines), err, out)
	}
	for i, line := range lines[1:] {
		if line[0] != ids[i] || !strings.Contains(strings.Join(line, " "), " 7 ") {
			t.Errorf("graded: %q", line)
		}
	}
}

// The three commands of README's hour work as they stand there, but for the ports.
func TestHourInReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "class.csv"), []byte("zoe\nanna\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^go run \./lab +((?:assign|serve|grade) +--class .*)$`).FindAllSubmatch(readme, -1)
	if len(lines) != 3 {
		t.Fatalf("%d commands: %q", len(lines), lines)
	}
	for _, line := range lines {
		args := strings.Fields(string(line[1]))
		if args[0] == "serve" {
			args = append(args, "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0")
		}
		cmd := exec.Command(built(t), args...)
		cmd.Dir = dir
		if args[0] == "serve" {
			if said, err := served(t, cmd); err != nil || !strings.Contains(said, "/class#key=") {
				t.Errorf("%q: %v\n%s", args, err, said)
			}
			zoe := filepath.Join(dir, "results", "zoe")
			if err := os.MkdirAll(zoe, 0o700); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(built(t), "replay", "-w", filepath.Join(zoe, "zoe-1.pcap")).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		} else if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "anna") {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}

func student(id string) servetest.Student {
	task := class.Assign(classSecret, id)
	return servetest.Student{ID: id, Nick: task.Nick, Message: task.Message, Token: class.Token(classSecret, id)}
}

// table is the teacher's, as the lesson tells it.
type table struct {
	t    *testing.T
	ctx  context.Context
	mu   sync.Mutex
	rows []servetest.Row
	news chan struct{}
}

func newTable(ctx context.Context, t *testing.T, page, key string) *table {
	t.Helper()
	teacher, err := servetest.NewTeacher(ctx, page, key)
	if err != nil {
		t.Fatal(err)
	}
	v := &table{t: t, ctx: ctx, news: make(chan struct{}, 1)}
	if err := teacher.Watch(ctx, func(rows []servetest.Row) {
		v.mu.Lock()
		v.rows = rows
		v.mu.Unlock()
		select {
		case v.news <- struct{}{}:
		default:
		}
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// until waits until something is true of every row.
func (v *table) until(what string, is func(servetest.Row) bool) {
	v.t.Helper()
	for {
		v.mu.Lock()
		missing := ""
		for _, r := range v.rows {
			if !is(r) {
				missing = fmt.Sprintf("%+v", r)
			}
		}
		done := missing == "" && len(v.rows) > 0
		v.mu.Unlock()
		if done {
			return
		}
		select {
		case <-v.news:
		case <-v.ctx.Done():
			v.t.Fatalf("%s: not %s", what, missing)
		}
	}
}

// opened opens an address in a browser of its own.
func opened(t *testing.T, ctx context.Context, chromium context.Context, url string, width, height int64, lang string) *chromiumWindow {
	t.Helper()
	own, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	context.AfterFunc(ctx, cancel)
	w := &chromiumWindow{t, own}
	if err := chromedp.Do(own, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
	w.open(url)
	w.do(`document.querySelector("#language")`, fmt.Sprintf(`{ const l = document.querySelector("#language"); l.value = %q; l.dispatchEvent(new Event("change")); }`, lang))
	return w
}

// pictures shows a page in three sizes and three languages, where CI can keep them.
func pictures(w *chromiumWindow, name string) {
	w.t.Helper()
	dir := os.Getenv("CHATLAB_ARTIFACTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	for _, size := range [][2]int64{{1920, 1080}, {1280, 720}, {390, 844}} {
		if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(size[0], size[1])); err != nil {
			w.t.Fatal(err)
		}
		for _, lang := range []string{"en", "fr", "zh"} {
			w.do(`document.querySelector("#language")`, fmt.Sprintf(`{ const l = document.querySelector("#language"); l.value = %q; l.dispatchEvent(new Event("change")); }`, lang))
			w.do(fmt.Sprintf(`document.documentElement.lang === %q`, lang), ``)
			png, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				w.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%dx%d-%s.png", name, size[0], size[1], lang)), png, 0o644); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}
