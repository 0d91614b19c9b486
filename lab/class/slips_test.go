package class

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"chatlab/sniffer/catalogue"
)

// elements gives the names of all elements below n, and its text.
func elements(n *html.Node) (names []string, text string) {
	for d := range n.Descendants() {
		switch d.Type {
		case html.ElementNode:
			names = append(names, d.Data)
		case html.TextNode:
			text += d.Data
		}
	}
	return names, text
}

// Whatever an id is made of, its slip has the same elements, and the id in its
// heading as it is. (These are no ids that a class list would let pass.)
func TestSlips(t *testing.T) {
	ids := []string{"ann", "王芳", `"><script>alert(1)</script>`, "</h2></section><section>", "{{.Secret}}", "&lt;b&gt;", "'onload='x", "--><!--", "</style><img src=x>"}
	var tasks []Task
	for _, id := range ids {
		tasks = append(tasks, Assign(secret, id))
	}
	lesson, err := LessonURL("http://[2001:db8::1]:55151/")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range catalogue.Langs {
		var page bytes.Buffer
		if err := Slips(&page, tasks, secret, lesson, lang); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(&page)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for e := range doc.Descendants() {
			if e.Data == "script" || e.Data == "img" || e.Data == "link" {
				t.Errorf("%s: an element %s", lang, e.Data)
			}
			if e.Type != html.ElementNode || e.Data != "section" {
				continue
			}
			task := tasks[n]
			n++
			names, text := elements(e)
			if want := strings.Fields("h2 a svg path dl dt dd dt dd p"); !slices.Equal(names, want) {
				t.Fatalf("%s: the slip of %q has %q", lang, task.Student, names)
			}
			for _, want := range []string{task.Student, task.Nick, task.Message, "http://[2001:db8::1]:55151 "} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: the slip of %q has no %q: %q", lang, task.Student, want, text)
				}
			}
			for d := range e.Descendants() {
				if want := "http://[2001:db8::1]:55151/?token=" + Token(secret, task.Student); d.Data == "a" && d.Attr[0].Val != want {
					t.Errorf("%s: the slip of %q leads to %q", lang, task.Student, d.Attr[0].Val)
				}
			}
		}
		if n != len(ids) {
			t.Errorf("%s: %d slips", lang, n)
		}
	}
}

func TestLink(t *testing.T) {
	for address, want := range map[string]string{
		"http://192.168.1.20:55151":          "http://192.168.1.20:55151/?token=t",
		"http://192.168.1.20:55151/":         "http://192.168.1.20:55151/?token=t",
		"https://name-55151.app.github.dev/": "https://name-55151.app.github.dev/?token=t",
		"https://host.example/proxy/55151/":  "https://host.example/proxy/55151/?token=t",
		"HTTP://Host.example":                "http://Host.example/?token=t",
		"":                                   "",
		"192.168.1.20:55151":                 "",
		"192.168.1.20":                       "",
		"http://":                            "",
		"http://:55151":                      "",
		"ftp://host.example/":                "",
		"javascript:alert(1)":                "",
		"http://me:secret@host.example/":     "",
		"http://host.example/?a=b":           "",
		"http://host.example/class#key=K":    "",
		"http://host.example:port/":          "",
		"http://[::1/":                       "",
	} {
		u, err := LessonURL(address)
		if err != nil {
			if told, ok := err.(*catalogue.Error); want != "" || !ok || told.Hint.IsZero() {
				t.Errorf("%q: %v", address, err)
			}
			continue
		}
		if got := Link(u, "t"); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}

func TestSlipsOfTooLongAnAddress(t *testing.T) {
	for length, fits := range map[int]bool{200: true, 450: false, 5000: false} {
		err := Slips(&bytes.Buffer{}, []Task{Assign(secret, "ann")}, secret, &url.URL{Scheme: "http", Host: strings.Repeat("a", length)}, catalogue.English)
		if (err == nil) != fits {
			t.Errorf("%d characters: %v", length, err)
		}
	}
}
