package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"chatlab/chatserver/server"
	"chatlab/webclient/site"
)

// swallow listens on a free port of 127.0.0.1 and answers nobody, as behind a firewall
// that drops: with its one place taken Linux drops the SYN of each further connection
// (net/ipv4/tcp_input.c, tcp_conn_request). release gives the port back.
func swallow(t *testing.T) (port int, release func()) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "listener")
	t.Cleanup(func() { file.Close() })
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port = name.(*unix.SockaddrInet4).Port
	taken, err := net.DialTCP("tcp4", nil, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	return port, func() {
		if err := taken.SetLinger(0); err != nil { // a reset leaves the port free
			t.Error(err)
		}
		taken.Close()
		file.Close()
	}
}

// A page that loads although its chat cannot be reached says so within five seconds,
// with the address that it tried, in each language; it goes on trying, and is in the
// chat when that can be reached.
func TestChatBlocked(t *testing.T) {
	for lang, says := range map[string]string{"en": "No chat at %s.", "fr": "Pas de chat à %s.", "zh": "%s 处没有聊天服务器。"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			port, release := swallow(t)
			page, chat := serveBoth(t, site.Options{ChatPort: port})
			b := open(t, page, 412, 915, lang)
			b.until(`document.querySelector("#nickname").open`)
			b.answer("mynick")
			begun := time.Now()
			b.until(`document.querySelector("#state").dataset.state === "waiting"`)
			// Four seconds where the machine has time for it (jstest/connection.test.js).
			took := time.Since(begun)
			t.Logf("it is said after %v", took)
			if took > 8*time.Second {
				t.Errorf("it is said after %v only", took)
			}
			at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
			if said, want := b.messages(), fmt.Sprintf(says, "ws://"+at+"/"); !strings.Contains(said, want) {
				t.Errorf("it says %q, want %q", said, want)
			}
			b.picture("chat-blocked-" + lang)
			release()
			chat.stop()
			again := &chatServer{t: t, addr: at, opts: server.Defaults()}
			again.opts.PagePort = chat.opts.PagePort
			again.start()
			b.until(`document.querySelector("#state").dataset.state === "open"`)
			b.clean()
		})
	}
}
