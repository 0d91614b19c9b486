package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"chatlab/chatserver/server"
	"chatlab/webclient/browsertest"
	"chatlab/webclient/site"
)

// One Chromium serves all tests; each browser in them is a context of its own in
// it, with its own cookies, storage and connections.
var chromium struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// TestMain is the command itself when a test starts it as one.
func TestMain(m *testing.M) {
	if os.Getenv("WEBCLIENT_TEST_MAIN") != "" {
		main()
		return
	}
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

func startChromium(t testing.TB) context.Context {
	t.Helper()
	chromium.Do(func() {
		chromium.ctx, chromium.stop, chromium.err = browsertest.Open(chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", false),
			// Names of somebody else's that are made to point here.
			chromedp.Flag("host-resolver-rules", "MAP *.example 127.0.0.1, MAP *.app.github.dev 127.0.0.1, MAP *.gitpod.io 127.0.0.1"),
			chromedp.Flag("ignore-certificate-errors", true))
	})
	if chromium.err != nil {
		t.Skipf("no browser to test with: %v", chromium.err)
	}
	return chromium.ctx
}

// window is a browser of its own on the page.
type window struct {
	t   testing.TB
	ctx context.Context
	mu  sync.Mutex
	// requests and faults are what the window asked for and complained of.
	requests []string
	faults   []string
}

// open shows url in a new browser of the given size and language.
func open(t testing.TB, url string, width, height int64, lang string) *window {
	t.Helper()
	return openFor(t, url, width, height, lang, 5*time.Minute)
}

// openFor is open with another bound on how long the window may be used.
func openFor(t testing.TB, url string, width, height int64, lang string, bound time.Duration) *window {
	t.Helper()
	parent := startChromium(t)
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, bound)
	t.Cleanup(cancelTime)
	b := &window{t: t, ctx: ctx}
	b.do()
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": jsonv2.Value(`"` + lang + `"`)}})
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	return b
}

// note keeps what the tests look at of all that Chromium tells.
func (b *window) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		b.requests = append(b.requests, e.URL)
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		b.faults = append(b.faults, text)
	case *runtime.EventConsoleAPICalled:
		// A text that is missing, above all.
		if e.Type == runtime.ConsoleAPICalledTypeError {
			b.faults = append(b.faults, fmt.Sprintf("console.error: %s", e.Args[0].Value))
		}
	}
}

func call[P, R any](b *window, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	r, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return r
}

func (b *window) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%v\nthe page's own complaints: %q", err, b.faults)
	}
}

// eval gives the value of an expression in the page, awaited if it is a promise.
func eval[T any](b *window, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits until an expression holds in the page.
func (b *window) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	wait := "new Promise((done) => { const look = () => { if (document.readyState !== 'loading' && (" + expression + ")) done(true); else setTimeout(look, 10); }; look(); })"
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise))
		switch {
		case err == nil:
			return
		case ctx.Err() != nil || !strings.Contains(err.Error(), "navigated"): // a page may load itself again
			b.t.Fatalf("waited for %s: %v\nfaults: %q\nmessages: %q", expression, err, b.faults, b.messages())
		}
	}
}

// enter answers the nickname dialogue.
func (b *window) enter(name string) {
	b.t.Helper()
	b.until(`document.querySelector("#nickname").open`)
	b.answer(name)
	b.until(`document.querySelector("#state").dataset.state === "open"`)
}

// answer types a name into the dialogue, in place of the one in it.
func (b *window) answer(name string) {
	b.t.Helper()
	eval[chromedp.Void](b, `document.querySelector("#nickname-input").select()`)
	if name == "" {
		b.key("Delete", 46, "", 0)
	} else {
		call(b, input.InsertText, input.InsertTextParams{Text: name})
	}
	b.click("#nickname button")
}

// say types a message and sends it with Enter.
func (b *window) say(text string) {
	b.t.Helper()
	b.write(text)
	b.key("Enter", 13, "\r", 0)
}

// write types a message and does not send it.
func (b *window) write(text string) {
	b.t.Helper()
	eval[chromedp.Void](b, `document.querySelector("#message").focus()`)
	call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// The modifiers of key, as Chromium numbers them.
const ctrl, shift = 2, 8

// key presses a key and lets it go, as a keyboard does: one event that brings its
// text along.
func (b *window) key(name string, code int64, text string, modifiers int64) {
	b.t.Helper()
	p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: name,
		WindowsVirtualKeyCode: code, NativeVirtualKeyCode: code, Text: text, UnmodifiedText: text, Modifiers: modifiers}
	call(b, input.DispatchKeyEvent, p)
	p.Type, p.Text, p.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
	call(b, input.DispatchKeyEvent, p)
}

// click clicks the middle of what the selector finds first, wherever it is.
func (b *window) click(selector string) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({ block: "nearest", behavior: "instant" });
		const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`, selector))
	p := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMousePressed, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1}
	call(b, input.DispatchMouseEvent, p)
	p.Type = input.DispatchMouseEventTypeMouseReleased
	call(b, input.DispatchMouseEvent, p)
}

// choose takes an option of a select.
func (b *window) choose(selector, value string) {
	b.t.Helper()
	eval[chromedp.Void](b, fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event("change")); })()`, selector, value))
}

// sees waits for a message of that text.
func (b *window) sees(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`[...document.querySelectorAll("#messages .message:not(.pending) .text")].some((e) => e.textContent === %q)`, text))
}

// text gives what an element says.
func (b *window) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q).textContent`, selector))
}

func (b *window) messages() string {
	s, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.querySelector("#messages")?.textContent`))
	return s
}

// picture writes what the window shows where CI can keep it: to
// $CHATLAB_ARTIFACTS, if it is set.
func (b *window) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("CHATLAB_ARTIFACTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// clean fails the test if the page complained.
func (b *window) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) > 0 {
		b.t.Errorf("the page complains: %q", b.faults)
	}
}

// chatServer is the real one, on a port of its own that it can come back to.
type chatServer struct {
	t    testing.TB
	addr string
	opts server.Options
	stop func()
}

func (c *chatServer) port() int {
	_, port, _ := net.SplitHostPort(c.addr)
	var n int
	fmt.Sscan(port, &n)
	return n
}

func (c *chatServer) start() {
	c.t.Helper()
	ln, err := net.Listen("tcp", c.addr)
	if err != nil {
		c.t.Fatal(err)
	}
	c.addr = ln.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	s := server.New(c.opts)
	go func() { done <- s.Serve(ctx, ln) }()
	c.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	})
	c.t.Cleanup(c.stop)
}

// serveBoth starts a chat server and the page for it, and gives the page's
// address.
func serveBoth(t testing.TB, o site.Options) (string, *chatServer) {
	t.Helper()
	return serveBothOn(t, "127.0.0.1:0", o)
}

func serveBothOn(t testing.TB, addr string, o site.Options) (string, *chatServer) {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	chat := &chatServer{t: t, addr: addr, opts: server.Defaults()}
	chat.opts.PagePort = ln.Addr().(*net.TCPAddr).Port
	chat.start()
	if o.ChatPort == 0 {
		o.ChatPort = chat.port()
	}
	o.PagePort = chat.opts.PagePort
	page := httptest.NewUnstartedServer(site.Handler(o))
	page.Listener.Close()
	page.Listener = ln
	page.Start()
	t.Cleanup(page.Close)
	return page.URL, chat
}

// later is a handler that is known after the server that uses it.
type later struct{ http.Handler }
