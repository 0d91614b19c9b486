package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

// tunnel is what code spaces and development tunnels put before the ports of a machine:
// it ends TLS, and finds the port in the name or the path that is asked for. It gives its
// own port.
func tunnel(t *testing.T, find *regexp.Regexp, rewrite func(r *httputil.ProxyRequest, port string), ports ...int) (own int) {
	t.Helper()
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		asked := r.In.Host + r.In.URL.Path
		at := find.FindStringSubmatchIndex(asked)
		port := asked[at[2]:at[3]]
		r.SetURL(&url.URL{Scheme: "http", Host: "127.0.0.1:" + port})
		r.Out.Host = r.In.Host
		if len(at) > 4 {
			r.Out.URL.Path = "/" + asked[at[4]:at[5]]
		}
		r.SetXForwarded()
		if rewrite != nil {
			rewrite(r, port)
		}
	}}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found := find.FindStringSubmatch(r.Host + r.URL.Path)
		for _, port := range ports {
			if found != nil && found[1] == strconv.Itoa(port) {
				proxy.ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	own, _ = strconv.Atoi(u.Port())
	return own
}

// Through a tunnel the page finds its chat, and the chat lets it in.
func TestThroughTunnel(t *testing.T) {
	byName, byPath := regexp.MustCompile(`\b(\d+)\b`), regexp.MustCompile(`/proxy/(\d+)/(.*)`)
	w := wire.New(wire.Options{Share: true})
	t.Cleanup(func() { w.Close() })
	page, chat := serveBoth(t, site.Options{Wire: w})
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	pagePort, _ := strconv.Atoi(u.Port())
	for _, c := range []struct {
		name    string
		find    *regexp.Regexp
		rewrite func(r *httputil.ProxyRequest, port string)
		page    string
	}{
		{"a code space", byName, nil, "https://lab-%[2]d.app.github.dev:%[1]d/"},
		{"the port before the name", byName, nil, "https://%[2]d-lab.ws-eu.gitpod.io:%[1]d/"},
		{"a path", byPath, nil, "https://code.example:%[1]d/me/proxy/%[2]d/"},
		{"the host written anew", byName, func(r *httputil.ProxyRequest, port string) {
			r.Out.Host = "localhost:" + port
		}, "https://lab-%[2]d.app.github.dev:%[1]d/"},
		{"host and origin written anew", byName, func(r *httputil.ProxyRequest, port string) {
			r.Out.Host = "localhost:" + port
			if r.In.Header.Get("Origin") != "" {
				r.Out.Header.Set("Origin", "http://localhost:"+port)
			}
		}, "https://lab-%[2]d.app.github.dev:%[1]d/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := tunnel(t, c.find, c.rewrite, pagePort, chat.port())
			b := open(t, fmt.Sprintf(c.page, own, pagePort), 1280, 720, "en")
			b.enter("mynick")
			b.say("hi,  all !")
			b.sees("hi,  all !")
			// The packets, where they are shared, come through it too.
			b.until(`document.querySelector("#wire-notice").textContent.includes("Shared with the class")`)
			if got := b.messages(); strings.Contains(got, "No chat at") {
				t.Errorf("it says %q", got)
			}
			b.clean()
		})
	}
}

// Where the page cannot reach its chat it says where it looked and what may be in the
// way; what it says to do helps.
func TestChatNotForwarded(t *testing.T) {
	page, chat := serveBoth(t, site.Options{})
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	pagePort, _ := strconv.Atoi(u.Port())
	own := tunnel(t, regexp.MustCompile(`\b(\d+)\b`), nil, pagePort)
	b := open(t, fmt.Sprintf("https://lab-%d.app.github.dev:%d/", pagePort, own), 1280, 720, "en")
	b.until(`document.querySelector("#nickname").open`)
	b.answer("mynick")
	where := fmt.Sprintf("lab-%d.app.github.dev:%d/", chat.port(), own)
	b.until(`document.querySelector("#state").dataset.state === "waiting"`)
	for _, want := range []string{
		fmt.Sprintf("No chat at wss://%s · wss://lab-%d.app.github.dev:%d/.", where, pagePort, chat.port()),
		"forwarded as this page’s is, and be public, or https://" + where + " has to be opened in this browser once",
		fmt.Sprintf("--allow-origin https://lab-%d.app.github.dev:%d.", pagePort, own),
	} {
		if got := b.messages(); !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	b.clean()
}

// So behind a proxy that leads to the page and to the chat by ports of its own.
func TestBehindProxy(t *testing.T) {
	var chatPort int
	var keepsHost atomic.Bool
	forward := func(port *int) int {
		server := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", *port)})
			if keepsHost.Load() {
				r.Out.Host = r.In.Host
			}
		}})
		t.Cleanup(server.Close)
		u, _ := url.Parse(server.URL)
		own, _ := strconv.Atoi(u.Port())
		return own
	}
	page, chat := serveBoth(t, site.Options{ChatPort: forward(&chatPort)})
	chatPort = chat.port()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	pagePort, _ := strconv.Atoi(u.Port())
	origin := fmt.Sprintf("https://lab.example:%d", forward(&pagePort))
	b := open(t, origin+"/", 1280, 720, "en")
	b.until(`document.querySelector("#nickname").open`)
	b.answer("mynick")
	b.until(`document.querySelector("#state").dataset.state === "waiting"`)
	if got := b.messages(); !strings.Contains(got, "pass the header Host on") {
		t.Errorf("it says %q", got)
	}
	keepsHost.Store(true)
	b = open(t, origin+"/", 1280, 720, "en")
	b.until(`document.querySelector("#nickname").open`)
	b.answer("mynick")
	b.until(`document.querySelector("#state").dataset.state === "waiting"`)
	if got := b.messages(); !strings.Contains(got, "--allow-origin "+origin+".") {
		t.Errorf("it says %q", got)
	}
	chat.stop()
	chat.opts.AllowOrigins = []string{origin}
	chat.start()
	b.until(`document.querySelector("#state").dataset.state === "open"`)
	b.say("hi,  all !")
	b.sees("hi,  all !")
	b.clean()
}
