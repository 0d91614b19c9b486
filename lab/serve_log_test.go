package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
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
	chat := regexp.MustCompile(`wss://([^ ;]+)`).FindStringSubmatch(response.Header.Get("Content-Security-Policy"))
	if chat == nil {
		t.Fatalf("no chat in %q", response.Header.Get("Content-Security-Policy"))
	}
	for i := range 3 {
		conn, _, err := websocket.Dial(ctx, "ws://"+chat[1], nil)
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
	end()
	select {
	case code := <-ended:
		if code != exitRight {
			t.Errorf("exit status %d", code)
		}
	case <-ctx.Done():
		t.Error("does not end")
	}
}
