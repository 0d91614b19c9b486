package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Who logs a lesson on a terminal and then stops the terminal does not stop the
// lesson.
func TestLessonWithAStoppedLog(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	outReader, stdout := io.Pipe()
	errReader, stderr := io.Pipe()
	lesson, end := context.WithCancel(ctx)
	ended := make(chan int, 1)
	go func() {
		args := []string{"serve", "-v", "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0"}
		ended <- run(lesson, args, stdout, stderr, os.Getenv)
	}()
	bufio.NewReader(errReader).ReadString('\n') // the stage; nobody reads what follows
	line, err := bufio.NewReader(outReader).ReadString('\n')
	page := regexp.MustCompile(`http://\S+:\d+`).FindString(line)
	if page == "" {
		t.Fatalf("says %q, %v", line, err)
	}
	go io.Copy(io.Discard, outReader)
	response, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	// The page may connect to its own server and to the chat.
	chat := ""
	for _, may := range regexp.MustCompile(`wss://([^ ;]+)`).FindAllStringSubmatch(response.Header.Get("Content-Security-Policy"), -1) {
		if "http://"+may[1] != page {
			chat = may[1]
		}
	}
	if chat == "" {
		t.Fatalf("no chat in %q", response.Header.Get("Content-Security-Policy"))
	}
	joinThree(t, ctx, chat)
	end()
	endsRight(t, ctx, ended)
}

// endsRight waits for a lesson's exit status.
func endsRight(t *testing.T, ctx context.Context, ended <-chan int) {
	t.Helper()
	select {
	case code := <-ended:
		if code != exitRight {
			t.Errorf("exit status %d", code)
		}
	case <-ctx.Done():
		t.Error("does not end")
	}
}

// joinThree has three members join the chat at address and be welcomed.
func joinThree(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	for i := range 3 {
		conn, _, err := websocket.Dial(ctx, "ws://"+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		if err := conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `{"type":"login","name":"n%d"}`, i)); err != nil {
			t.Fatal(err)
		}
		if _, welcome, err := conn.Read(ctx); err != nil {
			t.Fatalf("member %d hears %q, %v", i, welcome, err)
		}
	}
}

// Who stops the terminal before the invitation is written, or has gone by then,
// stops no lesson either, nor its end.
func TestLessonWithoutReader(t *testing.T) {
	stopped := func() io.Writer {
		r, w := io.Pipe()
		t.Cleanup(func() { r.Close() })
		return w
	}
	gone := func() io.Writer {
		r, w := io.Pipe()
		r.Close()
		return w
	}
	for name, output := range map[string]func() io.Writer{"stopped": stopped, "gone": gone} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			free, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address := free.Addr().String()
			free.Close()
			_, port, _ := net.SplitHostPort(address)
			lesson, end := context.WithCancel(ctx)
			ended := make(chan int, 1)
			go func() {
				args := []string{"serve", "--stage", "userspace", "--host", "127.0.0.1", "--chat", port, "--page", "0"}
				ended <- run(lesson, args, output(), output(), os.Getenv)
			}()
			// Nothing can be read that says when it has begun.
			for {
				c, err := net.Dial("tcp4", address)
				if err == nil {
					c.Close()
					break
				}
				if ctx.Err() != nil {
					t.Fatal(err)
				}
				runtime.Gosched()
			}
			joinThree(t, ctx, address)
			end()
			endsRight(t, ctx, ended)
		})
	}
}
