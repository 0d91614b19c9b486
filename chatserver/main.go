// Chatserver is the chat server: WebSocket, in the dialects of August 2014 and of
// today, on port 7272.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"chatlab/chatserver/journal"
	"chatlab/chatserver/server"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/listen"
)

func main() {
	// Go ends a program whose stdout or stderr nobody reads any more (os/signal,
	// "SIGPIPE"). A chat goes on without its log.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(command.UntilTold(), os.Args[1:], os.Stdout, os.Stderr, os.Getenv))
}

// logTime is how long the log may take to be written at the end.
const logTime = 500 * time.Millisecond

// run returns the exit status: 0 when it was asked to end, 2 when it could not
// serve.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	options, address := server.Defaults(), ":7272"
	line := commandLine(&options, &address)
	_, lang, err := line.Parse(args, getenv)
	fail := func(w io.Writer, err error) int {
		catalogue.Report(w, "chatserver", err, lang)
		return 2
	}
	if errors.Is(err, command.ErrHelp) {
		if err = line.WriteHelp(stdout, lang); err == nil {
			return 0
		}
	}
	if err != nil {
		return fail(stderr, err)
	}
	ln, err := listen.At(ctx, "--listen", address)
	if err != nil {
		return fail(stderr, err)
	}
	// From here on writing a log line does not block.
	out, log := journal.New(stdout), journal.New(stderr)
	defer log.Flush(logTime)
	defer out.Flush(logTime)
	options.Log = slog.New(slog.NewTextHandler(log, nil))
	fmt.Fprintf(out, "chatserver: %s\n", texts.Message("listening", "address", ln.Addr()).In(lang))
	if err := server.New(options).Serve(ctx, ln); err != nil {
		return fail(log, err)
	}
	return 0
}
