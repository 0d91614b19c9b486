package site

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

func get(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://class.example:55151/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var reference = regexp.MustCompile(`(?:href|src)="\./(a/[^"]+)"`)

func TestPageAndAssets(t *testing.T) {
	h := Handler(Options{ChatPort: 4242})
	page := get(t, h, "GET", "/")
	text := body(t, page)
	if page.StatusCode != 200 || page.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(text, `data-chat-port="4242"`) {
		t.Fatalf("%d %s\n%s", page.StatusCode, page.Header, text)
	}
	found := reference.FindAllStringSubmatch(text, -1)
	if len(found) < 10 {
		t.Fatalf("only %d references", len(found))
	}
	for _, m := range found {
		r := get(t, h, "GET", "/"+m[1])
		if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %s", m[1], r.StatusCode, r.Header.Get("Cache-Control"))
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", m[1])
		}
	}
}

func TestPolicy(t *testing.T) {
	h := Handler(Options{})
	page := get(t, h, "GET", "/")
	policy := page.Header.Get("Content-Security-Policy")
	inline := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(body(t, page))
	if inline == nil {
		t.Fatal("nothing looks after what cannot be loaded")
	}
	sum := sha256.Sum256([]byte(inline[1]))
	own := "script-src 'self' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"
	for _, want := range []string{"default-src 'none'", own, "style-src 'self';", "ws://class.example:7272", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %q: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("unsafe: %s", policy)
	}
	for _, name := range []string{"index.html", "class.html", "notfound.html"} {
		data, err := embedded.ReadFile("page/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|\son\w+=|\sstyle=|<style`).FindString(strings.Replace(string(data), "<script>{{.Again}}</script>", "", 1)); found != "" {
			t.Errorf("%s has an inline script or style: %q", name, found)
		}
	}
	// What a tunnel asked for is said beside the port's own address.
	request := httptest.NewRequest("GET", "/", nil)
	request.Host = "localhost:55151"
	request.Header.Set("X-Forwarded-Host", "lab-55151.app.github.dev")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	policy = answer.Header().Get("Content-Security-Policy")
	for _, want := range []string{" ws://localhost:7272 ", " wss://lab-55151.app.github.dev ", " wss://lab-7272.app.github.dev;"} {
		if !strings.Contains(policy, want) || strings.Contains(policy, "localhost:7272:") {
			t.Errorf("the policy lacks %q: %s", want, policy)
		}
	}
	for host, want := range map[string]string{
		"example": "example", "example:80": "example", "10.0.0.1:1": "10.0.0.1", "[::1]:55151": "[::1]", "[::1]": "[::1]",
		"": "", "a b": "", "a;script-src *": "", "a:1;x": "", "a'b": "", "[::1%25x]": "",
	} {
		if got := hostname(host); got != want {
			t.Errorf("hostname(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestCompression(t *testing.T) {
	h := Handler(Options{})
	plain := body(t, get(t, h, "GET", "/"))
	r := get(t, h, "GET", "/", "Accept-Encoding", "br, gzip;q=0.5")
	if r.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Fatalf("headers %v", r.Header)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unzipped, err := io.ReadAll(z); err != nil || string(unzipped) != plain {
		t.Errorf("another page when compressed: %v", err)
	}
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "*": true, "gzip;q=0": false, "gzip; q=0.0": false, "*, gzip;q=0": false,
		"br": false, "gzip;q=0.01": true, "identity": false, "*;q=0": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("acceptsGzip(%q) = %v", header, got)
		}
	}
}

func TestCachingRangesAndHead(t *testing.T) {
	h := Handler(Options{})
	whole := get(t, h, "GET", "/")
	text, tag := body(t, whole), whole.Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if r := get(t, h, "GET", "/", "If-None-Match", tag); r.StatusCode != 304 || body(t, r) != "" {
		t.Errorf("an unchanged page is answered with %d", r.StatusCode)
	}
	if r := get(t, h, "GET", "/", "If-None-Match", `"other"`); r.StatusCode != 200 {
		t.Errorf("a changed page is answered with %d", r.StatusCode)
	}
	if r := get(t, h, "GET", "/", "If-None-Match", tag, "Accept-Encoding", "gzip"); r.StatusCode != 200 {
		t.Error("the tag of the plain page passes for the compressed one's")
	}
	r := get(t, h, "GET", "/", "Range", "bytes=1-8", "Accept-Encoding", "gzip")
	if got := body(t, r); r.StatusCode != 206 || got != text[1:9] {
		t.Errorf("%d %q, want %q", r.StatusCode, got, text[1:9])
	}
	if r := get(t, h, "GET", "/", "Range", "bytes=999999-"); r.StatusCode != 416 {
		t.Errorf("a range beyond the end: %d", r.StatusCode)
	}
	if r := get(t, h, "HEAD", "/"); r.StatusCode != 200 || body(t, r) != "" || r.ContentLength != whole.ContentLength || r.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d, length %d of %d", r.StatusCode, r.ContentLength, whole.ContentLength)
	}
	if r := get(t, h, "POST", "/"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", r.StatusCode)
	}
}

func TestNothingElseIsReachable(t *testing.T) {
	h := Handler(Options{})
	version := loadAssets().version
	for _, path := range []string{
		"/nothing", "/site.go", "/a/", "/a/" + version, "/a/" + version + "/", "/a/" + version + "/js", "/a/" + version + "/js/",
		"/a/" + version + "/../site.go", "/a/" + version + "/js/../../site.go", "/a/" + version + "/page/index.html", "/page/index.html",
		"/../../etc/passwd", "/a/" + version + "/%2e%2e/site.go", "/a/000000000000/js/main.js", "//etc/passwd", "/assets/js/main.js",
		"/a/" + version + "/js\\main.js", "/.git/config", "/a/" + version + "/js/main.js\x00", "/wire",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := get(t, h, method, path)
			text := body(t, r)
			if r.StatusCode != 404 || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s %q: %d %s", method, path, r.StatusCode, r.Header.Get("Content-Type"))
			}
			if method == "GET" && !strings.Contains(text, "There is nothing at this address") {
				t.Errorf("%q: %s", path, text)
			}
		}
	}
}

// A class has its requests served, whatever their method, under the page's policy, and
// the teacher a page. Where there is no class there is neither.
func TestDesk(t *testing.T) {
	var asked []string
	h := Handler(Options{Desk: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusTeapot)
	})})
	paths := []string{"/desk/me", "/desk/", "/class/round", "/class/"}
	var want []string
	for _, path := range paths {
		for _, method := range []string{"GET", "POST"} {
			want = append(want, method+" "+path)
			r := get(t, h, method, path)
			if r.StatusCode != http.StatusTeapot || r.Header.Get("Content-Security-Policy") == "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: %d %v", method, path, r.StatusCode, r.Header)
			}
		}
	}
	if !slices.Equal(asked, want) {
		t.Errorf("the desk was asked %q", asked)
	}
	page := get(t, h, "GET", "/class", "Accept-Language", "fr")
	text := body(t, page)
	if page.StatusCode != 200 || !strings.Contains(text, "La classe") {
		t.Errorf("%d %.200s", page.StatusCode, text)
	}
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if r := get(t, h, "GET", "/"+m[1]); r.StatusCode != 200 {
			t.Errorf("%s: %d", m[1], r.StatusCode)
		}
	}
	if !strings.Contains(text, "js/texts.js") || strings.Contains(text, "js/chat/") {
		t.Errorf("not its own scripts: %s", text)
	}
	chat := body(t, get(t, h, "GET", "/"))
	if !strings.Contains(chat, " data-desk ") || strings.Contains(chat, "js/class/") {
		t.Errorf("the chat's page: %s", chat)
	}
	h = Handler(Options{})
	for _, path := range append(paths, "/class") {
		if r := get(t, h, "GET", path); r.StatusCode != 404 {
			t.Errorf("without a class, %s: %d", path, r.StatusCode)
		}
	}
	if text := body(t, get(t, h, "GET", "/")); strings.Contains(text, "desk") {
		t.Errorf("without a class: %s", text)
	}
}

func TestLanguageOfPage(t *testing.T) {
	h := Handler(Options{Lang: catalogue.French})
	for _, tt := range []struct{ header, cookie, want string }{
		{"", "", "fr"},
		{"de", "", "fr"},
		{"zh-CN,zh;q=0.9,en;q=0.8", "", "zh"},
		{"en;q=0.3, fr;q=0.7, zh;q=0.5", "", "fr"},
		{"EN-gb", "", "en"},
		{"en;q=0", "", "fr"},
		{"en;q=x", "", "fr"},
		{"en", "lang=zh", "zh"},
		{"en", "lang=tlh", "en"},
	} {
		r := get(t, h, "GET", "/", "Accept-Language", tt.header, "Cookie", tt.cookie)
		if text := body(t, r); !strings.Contains(text, `<html lang="`+tt.want+`"`) {
			t.Errorf("%+v: %.60s", tt, text)
		}
	}
}

// A page knows its edition, and the server knows which one is the present.
func TestEdition(t *testing.T) {
	h := Handler(Options{Edition: "spring"})
	for target, want := range map[string]int{
		"/edition/spring": http.StatusNoContent, "/edition/autumn": http.StatusGone, "/edition/": http.StatusGone, "/edition/spring/": http.StatusGone,
	} {
		if r := get(t, h, "GET", target); r.StatusCode != want || r.Header.Get("Cache-Control") != "no-store" || body(t, r) != "" {
			t.Errorf("%s: %s, %v", target, r.Status, r.Header)
		}
	}
	if page := body(t, get(t, h, "GET", "/")); !strings.Contains(page, ` data-edition="spring"`) {
		t.Error("the page does not know its edition")
	}
	h = Handler(Options{})
	for target, want := range map[string]int{"/edition/": http.StatusNoContent, "/edition/spring": http.StatusGone} {
		if r := get(t, h, "GET", target); r.StatusCode != want {
			t.Errorf("without a name, %s: %s", target, r.Status)
		}
	}
	if strings.Contains(body(t, get(t, h, "GET", "/")), "edition=") {
		t.Error("the page has an edition though there is none")
	}
}
