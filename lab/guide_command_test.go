//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"
	"github.com/creack/pty"

	"chatlab/sniffer/capture"
	"chatlab/webclient/browsertest"
)

// console is `lab guide` on a pseudo-terminal.
type console struct {
	t      *testing.T
	cmd    *exec.Cmd
	tty    *os.File
	mu     sync.Mutex
	seen   bytes.Buffer
	from   int // what was looked at already
	more   chan struct{}
	closed chan struct{} // when the terminal gives nothing more
}

// longest bounds how long a test waits for one thing.
const longest = 30 * time.Second

func guideOn(t *testing.T, lab, dir string, args ...string) *console {
	t.Helper()
	args = append([]string{"guide", "--chat", "0", "--page", "0", "--state", filepath.Join(dir, "state"), "--results", dir}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	c := &console{t: t, cmd: exec.CommandContext(ctx, lab, args...), more: make(chan struct{}, 1), closed: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), "NO_COLOR=1", "TERM=xterm")
	tty, err := pty.StartWithSize(c.cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	// Closing a file of its own kind ends a Read that waits; only then is the
	// terminal closed.
	fd, err := syscall.Dup(int(tty.Fd()))
	c.must(err)
	c.must(tty.Close())
	c.must(syscall.SetNonblock(fd, true))
	c.tty = os.NewFile(uintptr(fd), "terminal")
	t.Cleanup(func() {
		c.tty.Close()
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	})
	go func() {
		defer close(c.closed)
		b := make([]byte, 4096)
		for {
			n, err := c.tty.Read(b)
			c.mu.Lock()
			c.seen.Write(bytes.ReplaceAll(b[:n], []byte("\r\n"), []byte("\n")))
			c.mu.Unlock()
			select {
			case c.more <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen.String()
}

// until waits until what came since the last call fits, and gives it.
func (c *console) until(fits func(string) bool) string {
	c.t.Helper()
	late := time.After(longest)
	for {
		all := c.text()
		if part := all[c.from:]; fits(part) {
			c.from = len(all)
			return part
		}
		select {
		case <-c.more:
		case <-c.closed:
			if part := c.text()[c.from:]; fits(part) {
				c.from += len(part)
				return part
			}
			c.t.Fatalf("it has ended after\n%s", c.text())
		case <-late:
			c.t.Fatalf("nothing more comes after\n%s", c.text())
		}
	}
}

// prompt waits until the lesson waits for the student, with one of the texts in
// what it said.
func (c *console) prompt(texts ...string) string {
	c.t.Helper()
	return c.until(func(s string) bool {
		if !strings.HasSuffix(s, "> ") {
			return false
		}
		for _, text := range texts {
			if strings.Contains(unwrapped(s), text) {
				return true
			}
		}
		return len(texts) == 0
	})
}

// unwrapped gives text in one line, as it was before it was broken to the width.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

func (c *console) say(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.tty, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// browser is what a student has in front of the terminal.
type browser interface {
	open(url string)
	enter(name string)
	say(text string)
}

// question finds the question in what the lesson said last, in one line.
func question(said string) string {
	i := strings.LastIndex(said, "\n? ")
	if i < 0 {
		return ""
	}
	asked, _, _ := strings.Cut(said[i+3:], "\n· ") // words that are explained
	return unwrapped(strings.TrimSuffix(asked, "> "))
}

var (
	digits  = regexp.MustCompile(`\b[0-9]+\b`)
	hexRun  = regexp.MustCompile(`\b[0-9a-f]{2}(?: [0-9a-f]{2}){2,}\b`) // not a header's two bytes
	oneByte = regexp.MustCompile(`\b([0-9a-f]{2}) \(`)
	lastAck = regexp.MustCompile(`, ack ([0-9]+), win`)
	address = regexp.MustCompile(`\n    (http://127\.0\.0\.1:[0-9]+)\n`)
)

// hexBytes gives the bytes that text writes in hexadecimal.
func hexBytes(text string) (all []byte) {
	for _, b := range strings.Fields(text) {
		v, _ := strconv.ParseUint(b, 16, 8)
		all = append(all, byte(v))
	}
	return all
}

// asked are the questions in their order, as lab/guide/question.go has them.
var asked = strings.Fields(`accept-flags request-ack status login-byte second-byte wire-byte copy-seq copy-ack
	third-ack accept-bytes key-byte server-size who-acks`)

// asks tells whether q is question n, in any language: all is in it that stands between
// the arguments of the question's text.
func asks(t *testing.T, n int, q string) bool {
	t.Helper()
	for _, lang := range []string{"en", "fr", "zh"} {
		b, err := os.ReadFile("guide/texts/" + lang + ".json")
		var texts map[string]string
		if err != nil || json.Unmarshal(b, &texts) != nil || texts["ask."+asked[n]] == "" {
			t.Fatalf("%s has no question %s: %v", lang, asked[n], err)
		}
		found, depth, rest := true, 0, strings.Join(strings.Fields(q), "")
		for _, fixed := range strings.FieldsFunc(texts["ask."+asked[n]], func(r rune) bool {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
				return true
			}
			return depth > 0
		}) {
			found = found && strings.Contains(rest, strings.Join(strings.Fields(fixed), ""))
		}
		if found {
			return true
		}
	}
	return false
}

// solve answers the questions in their order, from what they and the packets shown
// before say alone: as a student does who has understood.
func solve(n int, q, said string) string {
	runs := hexRun.FindAllString(q, -1)
	var numbers []uint64
	for _, d := range digits.FindAllString(hexRun.ReplaceAllString(q, ""), -1) {
		v, _ := strconv.ParseUint(d, 10, 64)
		numbers = append(numbers, v)
	}
	largest := uint64(0)
	for _, v := range numbers {
		largest = max(largest, v)
	}
	switch n {
	case 0:
		return "S."
	case 1, 7:
		return fmt.Sprint(numbers[1] + numbers[2]) // length, first
	case 2:
		return "101"
	case 3: // key, masked bytes
		key, masked := hexBytes(runs[0]), hexBytes(runs[1])
		at := len(masked) - 1
		return fmt.Sprintf("%02x", masked[at]^key[at%4])
	case 4:
		return fmt.Sprintf("%02x", numbers[0])
	case 5: // packet, byte
		plain, _ := strconv.ParseUint(oneByte.FindStringSubmatch(q)[1], 16, 8)
		return fmt.Sprintf("%02x", byte(plain)^hexBytes(runs[0])[(numbers[1]-1)%4])
	case 6:
		acks := lastAck.FindAllStringSubmatch(said, -1)
		return acks[len(acks)-1][1]
	case 8:
		return fmt.Sprint(uint32(largest + 1))
	case 9:
		return "20"
	case 10: // packet, length, byte
		return fmt.Sprintf("%02x", hexBytes(runs[0])[(numbers[2]-1)%4])
	case 11:
		return fmt.Sprint(numbers[1] - 4)
	}
	return "skip"
}

// lesson goes through the whole lesson with b, and gives how many questions could
// not be asked.
// Before each answer interrupt is asked, and may give another console.
func lesson(c *console, b browser, interrupt func(n int, c *console) *console) (unasked int) {
	c.t.Helper()
	answered := 0
	url, lost := "", false
	for {
		said := c.until(func(s string) bool { return strings.HasSuffix(s, "> ") || strings.Contains(s, ".html") })
		if strings.Contains(said, ".html") {
			break
		}
		if found := address.FindStringSubmatch(said); found != nil {
			url = found[1]
		}
		switch q := question(said); {
		case q != "":
			if other := interrupt(answered, c); other != c {
				c, lost = other, true
				continue
			}
			if lost && strings.Contains(said, "\n    mynick\n") {
				// It may have been killed before the login was captured.
				b.open(url)
				b.enter("mynick")
				lost = false
			}
			// Not every question is asked: a packet that it is about was not captured
			// any more when the lesson went on, or a number in it is the answer by chance.
			for ; answered < 12 && !asks(c.t, answered, q); answered++ {
				unasked++
			}
			if answered == 0 {
				c.say("S") // forgets the ACK
				if said := c.prompt(); strings.Contains(unwrapped(said), "RFC 9293 §3.5") || !strings.Contains(said, "\n→ ") {
					c.t.Errorf("the first wrong answer is told\n%s", said)
				}
			}
			c.say(solve(answered, q, c.text()))
			answered++
		case strings.Contains(said, "\n    hi,  all !\n"):
			if lost {
				b.open(url)
				b.enter("mynick")
			}
			b.say("hi,  all !")
		case strings.Contains(said, "\n    mynick\n"):
			if lost { // it was killed before the login was captured
				b.open(url)
				lost = false
			}
			b.enter("mynick")
		case address.MatchString(said):
			b.open(url)
		}
	}
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("it ends with %v\n%s", err, c.text())
	}
	if answered != 13 || unasked > 3 {
		c.t.Errorf("%d questions, %d not asked\n%s", answered, unasked, c.text())
	}
	return unasked
}

func uninterrupted(_ int, c *console) *console { return c }

// result holds what a finished lesson has left, with so many right answers.
func result(t *testing.T, dir string, right int) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dir, "chatlab-guide.html"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(page), `<div class="answer right">`); got != right {
		t.Errorf("%d of %d answers are right in the report:\n%s", got, right, regexp.MustCompile(`(?s)<div class="answer">.*?</div>`).FindAllString(string(page), -1))
	}
	if strings.Contains(string(page), "✗ <") || strings.Count(string(page), "<tr><td>✓ ") != 8+7 {
		t.Error("not everything was found")
	}
	f, err := os.Open(filepath.Join(dir, "chatlab-guide.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var p capture.Packet
	n := 0
	for r.Read(&p) == nil {
		n++
	}
	// One acknowledgement may be for two segments.
	if n < 15+15 {
		t.Errorf("%d packets saved", n)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "state")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func needNamespaces(t *testing.T) {
	t.Helper()
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
}

// typedWords are what a student types beside answers, in each language.
var typedWords = map[string]struct{ hint, back, reset, masking string }{
	"en": {"hint", "back", "reset", "masking"}, "fr": {"indice", "retour", "refaire", "masquage"}, "zh": {"提示", "返回", "重做", "掩码"},
}

// A lesson from its start to its end, at a terminal and with a real browser: with
// wrong answers, hints, back, reset and Ctrl-C on the way, all of which the report has.
func TestGuideWithChromium(t *testing.T) {
	needNamespaces(t)
	chromium := browsertest.Start(t)
	lab := built(t)
	for lang, words := range typedWords {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
			defer cancel()
			ctx, cancel = context.WithTimeout(ctx, 2*longest)
			defer cancel()
			args := []string{"--lang", lang, "--stage", "namespace"}
			last := -1
			unasked := lesson(guideOn(t, lab, dir, args...), &chromiumWindow{t, ctx}, func(n int, c *console) *console {
				if n == last {
					return c
				}
				last = n
				switch n {
				case 1:
					c.say(words.hint)
					if said := c.prompt(); !strings.Contains(said, "→ ") {
						t.Errorf("no hint:\n%s", said)
					}
					c.say("1")
					if said := c.prompt(); strings.Count(said, "→ ") != 1 || !strings.Contains(said, "✗ ") {
						t.Errorf("the wrong answer gets no hint:\n%s", said)
					}
				case 2:
					c.say(words.back)
					said := c.prompt()
					c.say(solve(1, question(said), said))
					c.prompt()
				case 5, 9:
					c.say("\x03")
					if said := c.until(func(s string) bool { return strings.HasSuffix(s, "\n\n") && strings.Contains(s, " guide ") }); !strings.Contains(said, "--lang "+lang+" --stage namespace\n") {
						t.Errorf("it does not say what was typed:\n%s", said)
					}
					_ = c.cmd.Wait()
					return guideOn(t, lab, dir, args...)
				case 10:
					c.say(words.reset + " " + words.masking)
					c.prompt()
				}
				return c
			})
			// Not at the first try: the flags, the request's ack; skipped: who acknowledges.
			result(t, dir, 13-3-unasked)
			page, err := os.ReadFile(filepath.Join(dir, "chatlab-guide.html"))
			if err != nil {
				t.Fatal(err)
			}
			for what, want := range map[string]int{`class="answer later"`: 2, ` undone"`: 1, `class="note"`: 5} {
				if got := strings.Count(string(page), what); got < want {
					t.Errorf("the report has %d of %s: %q", got, what, regexp.MustCompile(`<p class="note">.*</p>`).FindAllString(string(page), -1))
				}
			}
			keepsSpaces(t, chromium, filepath.Join(dir, "chatlab-guide.html"))
		})
	}
}

// Two lessons at once are two: what one student does is no step of the other.
func TestTwoGuidesAtOnce(t *testing.T) {
	needNamespaces(t)
	lab := built(t)
	var consoles [2]*console
	var urls [2]string
	for i := range consoles {
		consoles[i] = guideOn(t, lab, t.TempDir(), "--lang", "en", "--stage", "namespace")
		urls[i] = address.FindStringSubmatch(consoles[i].until(func(s string) bool { return address.MatchString(s) && strings.HasSuffix(s, "> ") }))[1]
	}
	if urls[0] == urls[1] {
		t.Fatalf("both pages are at %s", urls[0])
	}
	for i := range consoles {
		b := &script{t: t}
		b.open(urls[i])
		consoles[i].prompt("Step 3 of 8")
		b.enter(fmt.Sprint("student", i))
		consoles[i].until(func(s string) bool { return question(s) != "" })
		if i == 0 && strings.Contains(consoles[1].text(), "Step 3 of 8") {
			t.Error("one student opens the page for the other")
		}
		consoles[i].say("status")
		consoles[i].prompt("→ 3 nickname")
	}
}

// A lesson that is killed, whose terminal is closed and that is interrupted goes
// on where it was, each time.
func TestGuideGoesOn(t *testing.T) {
	needNamespaces(t)
	dir := t.TempDir()
	args := []string{"--lang", "fr", "--stage", "namespace"}
	lab := built(t)
	end := map[int]func(*console){
		2: func(c *console) { c.must(c.cmd.Process.Kill()) },
		6: func(c *console) { c.must(c.tty.Close()) },
		9: func(c *console) {
			c.say("\x03")
			c.until(func(s string) bool { return strings.Contains(s, " guide --chat 0 ") })
		},
	}
	unasked := lesson(guideOn(t, lab, dir, args...), &script{t: t}, func(n int, c *console) *console {
		if end[n] == nil {
			return c
		}
		end[n](c)
		delete(end, n)
		_ = c.cmd.Wait()
		if status := c.cmd.ProcessState.ExitCode(); n == 9 && status != exitDiffers {
			t.Errorf("Ctrl-C gives status %d", status)
		}
		if _, err := os.Stat(filepath.Join(dir, "state", "guide.json")); err != nil {
			t.Error(err)
		}
		return guideOn(t, lab, dir, args...)
	})
	if len(end) > 0 {
		t.Error("it was not interrupted everywhere")
	}
	result(t, dir, 11-unasked)
}

func (c *console) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Without namespaces and without privilege the lesson plays in user space.
func TestGuideInUserspace(t *testing.T) {
	dir := t.TempDir()
	c := guideOn(t, built(t), dir, "--lang", "en", "--stage", "userspace")
	unasked := lesson(c, &script{t: t}, uninterrupted)
	if !strings.Contains(unwrapped(c.text()), "a TCP/IP stack inside this program, not the kernel’s") {
		t.Error("it does not say where the packets come from")
	}
	result(t, dir, 11-unasked)
}

// The input's end saves the lesson; a state that cannot be read is told and set
// aside; so is a taken port, in one line.
func TestGuideWithoutTerminal(t *testing.T) {
	needNamespaces(t)
	lab, dir := built(t), t.TempDir()
	run := func(input string, args ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(lab, append([]string{"guide", "--lang", "en", "--stage", "namespace", "--page", "0", "--state", dir, "--results", dir}, args...)...)
		cmd.Stdin = strings.NewReader(input)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, status := run("", "--chat", "0"); status != exitRight || !strings.Contains(out, "\n    "+shellWord(lab)+" guide --lang en --stage namespace --page 0 --state "+shellWord(dir)+" --results "+shellWord(dir)+" --chat 0\n") || strings.Contains(out, "\x1b") {
		t.Errorf("status %d\n%s", status, out)
	}
	state := filepath.Join(dir, "guide.json")
	if out, status := run("status\nquit\nnothing more is read\n", "--chat", "0"); status != exitRight || !strings.Contains(unwrapped(out), "Going on where you were: step 2") {
		t.Errorf("status %d\n%s", status, out)
	}
	for _, corrupt := range []string{"{", `{"version":1,"step":"page","cursor":99999,"pending":{"at":-1}}`, `{"version":7}`} {
		if err := os.WriteFile(state, []byte(corrupt), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, status := run("", "--chat", "0"); status != exitRight || !strings.Contains(unwrapped(out), "set aside as") {
			t.Errorf("%s: status %d\n%s", corrupt, status, out)
		}
	}
	// What the lab does for the student it begins again when it goes on.
	if out, status := run("skip\nskip\n", "--chat", "0"); status != exitRight || !strings.Contains(out, "joins as mynick for you") {
		t.Errorf("status %d\n%s", status, out)
	}
	if kept, err := filepath.Glob(state + ".corrupt*"); err != nil || len(kept) != 3 {
		t.Errorf("set aside: %v, %v", kept, err)
	}
	// All skipped: the lab does everything, and each answer is told.
	if out, status := run(strings.Repeat("skip\n", 20), "--chat", "0"); status != exitRight || !strings.Contains(unwrapped(out), "13 questions: 0 right at the first try, 0 right later, 0 wrong, 13 skipped") {
		t.Errorf("status %d\n%s", status, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	out, status := run("", "--chat", port)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); status != exitFailed || len(lines) != 2 || !strings.Contains(lines[0], port) || !strings.HasPrefix(lines[1], "hint: ") {
		t.Errorf("status %d\n%s", status, out)
	}
}

// chromiumWindow is a window of a real browser.
type chromiumWindow struct {
	t   *testing.T
	ctx context.Context
}

func (w *chromiumWindow) open(url string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Navigate(url)); err != nil {
		w.t.Fatal(err)
	}
}

// do runs a script in the page as soon as a condition holds there.
func (w *chromiumWindow) do(condition, script string) {
	w.t.Helper()
	wait := "new Promise((done) => { const look = () => { if (" + condition + ") { " + script + "; done(true); } else setTimeout(look, 10); }; look(); })"
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise)); err != nil {
		w.t.Fatalf("waited for %s: %v", condition, err)
	}
}

func (w *chromiumWindow) enter(name string) {
	w.t.Helper()
	w.do(`document.querySelector("#nickname")?.open`,
		fmt.Sprintf(`document.querySelector("#nickname-input").value = %q; document.querySelector("#nickname button").click()`, name))
}

func (w *chromiumWindow) say(text string) {
	w.t.Helper()
	w.do(`document.querySelector("#state").dataset.state === "open"`,
		fmt.Sprintf(`document.querySelector("#message").value = %q; document.querySelector("#composer").requestSubmit()`, text))
}

// script is a browser without a window: HTTP and a WebSocket.
type script struct {
	t    *testing.T
	chat string
	conn *websocket.Conn
}

func (s *script) open(url string) {
	s.t.Helper()
	response, err := http.Get(url + "/")
	if err != nil {
		s.t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	port := regexp.MustCompile(`data-chat-port="([0-9]+)"`).FindSubmatch(page)
	if port == nil {
		s.t.Fatalf("the page names no port:\n%s", page)
	}
	s.chat = "ws://127.0.0.1:" + string(port[1])
	s.conn = nil
}

func (s *script) enter(name string) {
	s.t.Helper()
	conn, response, err := websocket.Dial(s.t.Context(), s.chat, nil)
	if err != nil {
		s.t.Fatal(err, response)
	}
	s.conn = conn
	go func() {
		for {
			if _, _, err := conn.Read(s.t.Context()); err != nil {
				return
			}
		}
	}()
	s.send(fmt.Sprintf(`{"type":"login","name":%q}`, name))
}

func (s *script) say(text string) {
	s.t.Helper()
	s.send(fmt.Sprintf(`{"type":"say","to_uid":"all","content":%q}`, text))
}

func (s *script) send(message string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		s.t.Fatal(err)
	}
}

// A page of lab serve that was left open does not take part in a lesson that is
// begun on the same ports, and says that it is to be closed.
func TestTabOfServeBesideLesson(t *testing.T) {
	needNamespaces(t)
	chromium := browsertest.Start(t)
	lab := built(t)
	serve := exec.Command(lab, "serve", "--lang", "en", "--stage", "namespace", "--host", "127.0.0.1", "--chat", "0", "--page", "0")
	said := invited(t, serve)
	defer serve.Process.Kill()
	url := regexp.MustCompile(`http://\S+`).FindString(said)
	if url == "" {
		t.Fatalf("it says %q", said)
	}
	ctx, cancel := chromedp.NewContext(chromium)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 3*longest)
	defer cancel()
	w := &chromiumWindow{t, ctx}
	w.open(url)
	w.enter("oldnick")
	w.do(`document.querySelector("#state").dataset.state === "open"`, "")
	chat, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.dataset.chatPort`))
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Fatal(err)
	}
	c := guideOn(t, lab, t.TempDir(), "--lang", "en", "--stage", "namespace", "--chat", chat, "--page", url[strings.LastIndex(url, ":")+1:])
	c.prompt()
	w.do(`document.querySelector("#state").dataset.state === "over" && document.querySelector("#messages").textContent.includes("close this tab")`, "")
	if strings.Contains(c.text(), "Seen on the wire: oldnick") {
		t.Errorf("the old tab counts\n%s", c.text())
	}
}

// A tab that was left open from an earlier lesson comes back to the next one on
// the same ports. It does none of its steps: the page of today says that it is to
// be closed, one of a version that did not ask yet does not count. What counts is
// the page that was opened in this lesson. So it is in every language, and where the
// lesson has a task, of which the old tab has the very nickname and message.
func TestOldTabBesideNewLesson(t *testing.T) {
	needNamespaces(t)
	chromium := browsertest.Start(t)
	lab := built(t)
	for _, said := range []oldTab{
		{"en", "oldernick", nil, "a tab of an earlier lesson is still open", "Step 3 of", "Step 4 of", "Seen on the wire: newnick", "close this tab"},
		{"fr", "newnick", []string{"--nick", "newnick", "--message", "new words"},
			"un onglet d’une leçon précédente est encore ouvert", "Étape 3 sur", "Étape 4 sur", "Vu sur le réseau\u00a0: newnick", "fermez cet onglet"},
		{"zh", "newnick", []string{"--nick", "newnick", "--message", "new words"},
			"上一次课程的标签页还开着", "第 3 步，", "第 4 步，", "在线路上看到：newnick", "请关闭此标签页"},
	} {
		t.Run(said.lang, func(t *testing.T) { oldTabBesideNewLesson(t, chromium, lab, said) })
	}
}

// oldTab is what is said of one in a language. The old tab's nickname is older.
type oldTab struct {
	lang, older                           string
	task                                  []string
	stale, nickname, message, done, close string
}

// blankless is text without what breaks it into lines.
func blankless(text string) string { return strings.Join(strings.Fields(text), "") }

func oldTabBesideNewLesson(t *testing.T, chromium context.Context, lab string, said oldTab) {
	says := func(c *console, text string) bool { return strings.Contains(blankless(c.text()), blankless(text)) }
	window := func() *chromiumWindow {
		ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
		t.Cleanup(cancel)
		ctx, cancel = context.WithTimeout(ctx, 3*longest)
		t.Cleanup(cancel)
		return &chromiumWindow{t, ctx}
	}
	// begin starts a lesson and gives the page's address.
	begin := func(args ...string) (c *console, url string) {
		c = guideOn(t, lab, t.TempDir(), slices.Concat([]string{"--lang", said.lang, "--stage", "namespace"}, said.task, args)...)
		return c, address.FindStringSubmatch(c.until(func(s string) bool { return address.MatchString(s) && strings.HasSuffix(s, "> ") }))[1]
	}
	first, url := begin()
	old, older := window(), window()
	for _, w := range []*chromiumWindow{old, older} {
		w.open(url)
		w.enter("oldnick")
		w.do(`document.querySelector("#state").dataset.state === "open"`, "")
	}
	for _, w := range []*chromiumWindow{old, older} {
		w.do("true", fmt.Sprintf(`document.querySelector("#language").value = %q; document.querySelector("#language").dispatchEvent(new Event("change"))`, said.lang))
	}
	// What the page's script did before it asked.
	older.do("true", `const again = () => {
		const s = new WebSocket("ws://127.0.0.1:" + document.documentElement.dataset.chatPort);
		s.onopen = () => { s.send('{"type":"login","name":"`+said.older+`"}'); setTimeout(() => s.send('{"type":"say","to_uid":"all","content":"new words"}'), 100); window.back = true; };
		s.onclose = () => { window.back = false; setTimeout(again, 50); };
	}; again()`)
	older.do("window.back", "")
	chat, err := chromedp.Run(old.ctx, chromedp.Evaluate[string](`document.documentElement.dataset.chatPort`))
	if err != nil {
		t.Fatal(err)
	}
	first.say("quit")
	first.must(first.cmd.Wait())
	older.do("!window.back", "")

	page := url[strings.LastIndex(url, ":")+1:]
	c, url := begin("--chat", chat, "--page", page)
	older.do("window.back", "")
	for _, w := range []*chromiumWindow{old, older} {
		w.do(`document.querySelector("#state").dataset.state === "over" && document.querySelector("#messages").textContent.includes("`+said.close+`")`, "")
	}
	if !says(c, said.stale) {
		c.until(func(string) bool { return says(c, said.stale) })
	}
	if says(c, said.nickname) {
		t.Fatalf("an old tab has loaded the page for the student\n%s", c.text())
	}
	today := window()
	today.open(url)
	c.until(func(s string) bool { return strings.HasSuffix(s, "> ") && says(c, said.nickname) })
	// The old tab is in the chat: what it says goes by.
	older.do("window.back", `(() => { const s = new WebSocket("ws://127.0.0.1:" + document.documentElement.dataset.chatPort);
		s.onopen = () => s.send('{"type":"login","name":"`+said.older+`"}'); s.onmessage = (e) => { window.in = e.data.includes("`+said.older+`"); }; })()`)
	older.do("window.in", "")
	today.enter("newnick")
	for !says(c, said.done) {
		c.until(func(s string) bool { return question(s) != "" || says(c, said.message) })
		if !says(c, said.message) {
			c.say("skip")
		}
	}
	if text := blankless(c.text()); strings.Count(text, blankless(said.done)) != 1 || strings.Count(text, blankless(said.stale)) != 1 || strings.Contains(text, "newwords”") {
		t.Errorf("an old tab counts, or it is told more than once\n%s", c.text())
	}
	today.say("new words")
	c.until(func(s string) bool { return question(s) != "" })
}
