package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"golang.org/x/sys/unix"
)

// host is a machine of a test's own: a network namespace.
type host string

// classroom makes two hosts and the link between them. The teacher's has the
// address 10.72.72.1, and that of an interface with nothing at its other end.
func classroom(t *testing.T) (teacher, student host) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("two hosts and a link between them take root: sudo env PATH=$PATH go test ./lab -run Class")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip is not here (Debian: apt-get install iproute2)")
	}
	teacher, student = host(fmt.Sprintf("teacher%d", os.Getpid())), host(fmt.Sprintf("student%d", os.Getpid()))
	for _, h := range []host{teacher, student} {
		if out, err := exec.Command("ip", "netns", "add", string(h)).CombinedOutput(); err != nil {
			t.Skipf("ip netns add: %s: allow network namespaces", out)
		}
		t.Cleanup(func() { exec.Command("ip", "netns", "del", string(h)).Run() })
		ip(t, h, "link set lo up")
	}
	ip(t, teacher, "link add idle type veth peer name unplugged")
	ip(t, teacher, "address add 10.1.0.1/16 dev idle")
	ip(t, teacher, "link set idle up")
	ip(t, teacher, "link add wire type veth peer name wire netns "+string(student))
	for h, address := range map[host]string{teacher: "10.72.72.1/24", student: "10.72.72.2/24"} {
		ip(t, h, "address add "+address+" dev wire")
		ip(t, h, "link set wire up")
	}
	return teacher, student
}

func ip(t *testing.T, h host, args string) {
	t.Helper()
	if out, err := exec.Command("ip", append([]string{"-netns", string(h)}, strings.Fields(args)...)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", args, err, out)
	}
}

// dial connects from the host.
func (h host) dial(ctx context.Context, network, address string) (c net.Conn, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// A thread that has been in a namespace is of no use to others: it ends
		// with its goroutine.
		runtime.LockOSThread()
		var f *os.File
		if f, err = os.Open("/run/netns/" + string(h)); err != nil {
			return
		}
		defer f.Close()
		if err = unix.Setns(int(f.Fd()), unix.CLONE_NEWNET); err != nil {
			return
		}
		// To an address, not a name: no other goroutine takes part.
		c, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}()
	<-done
	return c, err
}

// lesson starts `lab serve` on the host as a user whose only rights are rights,
// and gives the addresses that it prints for its own machine and for the class.
// At the end of the test it is interrupted.
func (h host) lesson(t *testing.T, rights string, args ...string) (here, class []string) {
	t.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", string(h),
		"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
		"--bounding-set=-all" + rights, "--inh-caps=-all" + rights, "--ambient-caps=-all" + rights,
		built(t), "serve", "--lang", "en"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	said := invited(t, cmd)
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT) // ip and setpriv have become the lab
		if err := cmd.Wait(); err != nil {
			t.Errorf("the lesson ends with %v\n%s", err, stderr.String())
		}
		if !strings.HasPrefix(stderr.String(), "stage ") {
			t.Errorf("the lesson says of its stage %q", stderr.String())
		}
	})
	for line := range strings.Lines(said) {
		label, u, _ := strings.Cut(line, ":")
		switch u = strings.TrimSpace(u); label {
		case "On this machine":
			here = append(here, u)
		case "For the class":
			class = append(class, u)
		}
	}
	if here == nil {
		t.Fatalf("it invites nobody:\n%s", stderr.String())
	}
	return here, class
}

var chatPort = regexp.MustCompile(`data-chat-port="([0-9]+)"`)

// join opens a page from the host, and the chat where the page looks for it.
func (h host) join(t *testing.T, page string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DialContext: h.dial, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Errorf("the page: %v", err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	port := chatPort.FindSubmatch(body)
	if err != nil || port == nil {
		t.Fatalf("%s gives %v\n%s", page, err, body)
	}
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	u.Scheme, u.Host = "ws", net.JoinHostPort(u.Hostname(), string(port[1]))
	chat, _, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: client, HTTPHeader: http.Header{"Origin": {page}}})
	if err != nil {
		t.Errorf("the chat: %v", err)
		return
	}
	defer chat.CloseNow()
	if err := chat.Write(ctx, websocket.MessageText, []byte(`{"type":"login","client_name":"mynick","room_id":1}`)); err != nil {
		t.Fatal(err)
	}
	if _, welcome, err := chat.Read(ctx); err != nil || !strings.Contains(string(welcome), "mynick") {
		t.Errorf("the chat welcomes with %q, %v", welcome, err)
	}
}

// watch looks at the lesson's packets from the host until one of a connection of that
// client has come.
func (h host) watch(t *testing.T, page, client string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	browser := &http.Client{Transport: &http.Transport{DialContext: h.dial, DisableKeepAlives: true}}
	wire, _, err := websocket.Dial(ctx, page+"/wire", &websocket.DialOptions{HTTPClient: browser, HTTPHeader: http.Header{"Origin": {page}}})
	if err != nil {
		t.Errorf("the wire: %v", err)
		return
	}
	defer wire.CloseNow()
	wire.SetReadLimit(1 << 24)
	for news := []byte(nil); !strings.Contains(string(news), `"client":"`+client+":"); {
		if _, news, err = wire.Read(ctx); err != nil {
			t.Errorf("the wire shows no packet of %s: %v", client, err)
			return
		}
	}
}

// Who follows the invitation gets into the chat, whichever stage it plays on: a
// class from other hosts, the teacher on the machine itself, who sees their packets.
func TestClassJoins(t *testing.T) {
	teacher, student := classroom(t)
	const wire = "http://10.72.72.1:55151"
	for _, tt := range []struct {
		stage, host string
		here        string
		class       []string
	}{
		{"namespace", "", "http://127.0.0.1:55151", []string{wire}},
		{"namespace", "10.72.72.1", wire, []string{wire}},
		{"namespace", "127.0.0.1", "http://127.0.0.1:55151", nil},
		{"userspace", "", "http://127.0.0.1:55151", []string{wire}},
		{"userspace", "10.72.72.1", wire, []string{wire}},
		{"host", "", "http://127.0.0.1:55151", []string{wire}},
		{"host", "10.72.72.1", wire, []string{wire}},
	} {
		t.Run(tt.stage+" "+tt.host, func(t *testing.T) {
			rights := ""
			switch tt.stage {
			case "host":
				rights = ",+net_raw"
			case "namespace":
				if why := namespaces(); why != "" {
					t.Skip(why)
				}
			}
			here, class := teacher.lesson(t, rights, "--stage", tt.stage, "--host", tt.host)
			if !slices.Equal(here, []string{tt.here}) || !slices.Equal(class, tt.class) {
				t.Errorf("it is to be found at %q here and at %q for the class, want %q and %q", here, class, tt.here, tt.class)
			}
			for _, page := range here {
				teacher.join(t, page)
			}
			for _, page := range class {
				student.join(t, page)
			}
			// On the host the packets are those of every interface, else those of a
			// loopback behind a relay.
			client := "127.0.0.1"
			if tt.stage == "host" {
				client = "10.72.72.2"
			}
			teacher.watch(t, tt.here, client)
		})
	}
}
