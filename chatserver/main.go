// Chatserver is the chat server: WebSocket, in the dialects of August 2014 and of
// today, on port 7272.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"chatlab/chatserver/journal"
	"chatlab/chatserver/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	// Go ends a program whose stdout or stderr nobody reads any more (os/signal,
	// "SIGPIPE"). A chat goes on without its log.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// logTime is how long the log may take to be written at the end.
const logTime = 500 * time.Millisecond

// run returns the exit status: 0 when it was asked to end, 2 when it could not
// serve.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts := server.Defaults()
	fs, listen := flags(&opts)
	fs.SetOutput(io.Discard) // one line for each error, below
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout, fs)
		return 0
	case err == nil && fs.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if err != nil {
		return fail(stderr, err, "chatserver --help lists the flags")
	}

	ln, err := net.Listen("tcp", *listen)
	if err != nil {
		return fail(stderr, err, listenHint(err))
	}
	// From here on writing a log line does not block.
	out, log := journal.New(stdout), journal.New(stderr)
	defer log.Flush(logTime)
	defer out.Flush(logTime)
	opts.Log = slog.New(slog.NewTextHandler(log, nil))
	fmt.Fprintf(out, "chatserver: listening on %s\n", ln.Addr())
	if err := server.New(opts).Serve(ctx, ln); err != nil {
		return fail(log, err, "")
	}
	return 0
}

func flags(o *server.Options) (*flag.FlagSet, *string) {
	fs := flag.NewFlagSet("chatserver", flag.ContinueOnError)
	listen := fs.String("listen", ":7272", "`address` to listen on; port 0 takes a free one")
	fs.Func("allow-origin", "an `origin` to allow besides the page's at this machine's addresses and names, as https://chat.example; may be repeated; * allows any", func(s string) error {
		if s != "*" && !strings.Contains(s, "://") && s != "null" {
			return errors.New("an origin looks like https://chat.example")
		}
		o.AllowOrigins = append(o.AllowOrigins, s)
		return nil
	})
	fs.IntVar(&o.PagePort, "page-port", o.PagePort, "`port` of the page, from which browsers may connect")
	number(fs, &o.MaxMessage, "max-message", "longest message, in `bytes`")
	number(fs, &o.MaxName, "max-name", "longest name, in `characters`")
	number(fs, &o.Rate, "rate", "`messages` per second that a member may send, twice as many in a burst")
	number(fs, &o.MaxMembers, "max-members", "`members` that may be logged in")
	number(fs, &o.MaxRooms, "max-rooms", "`rooms` that there may be")
	number(fs, &o.QueueBytes, "queue", "`bytes` that may wait for a slow reader (0: 1 MiB)")
	fs.DurationVar(&o.HandshakeTime, "handshake-time", o.HandshakeTime, "`time` a client may take for its handshake")
	fs.DurationVar(&o.IdleTime, "idle-time", o.IdleTime, "`time` a client may send nothing at all")
	fs.BoolVar(&o.LogMessages, "log-messages", false, "log what is said, too")
	return fs, listen
}

// number defines a flag for a limit, which is not negative.
func number[N int | int64](fs *flag.FlagSet, p *N, name, usage string) {
	fs.Func(name, fmt.Sprintf("%s (default %d)", usage, *p), func(s string) error {
		var n N
		if _, err := fmt.Sscan(s, &n); err != nil || n < 0 || fmt.Sprint(n) != s {
			return errors.New("a number of 0 or more is needed")
		}
		*p = n
		return nil
	})
}

func usage(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprint(w, "usage: chatserver [flags]\n\nThe chat's WebSocket server. A limit of 0 is none.\n\n")
	fs.VisitAll(func(f *flag.Flag) {
		arg, text := flag.UnquoteUsage(f)
		if arg != "" {
			arg = " " + arg
		}
		if f.DefValue != "" && f.DefValue != "false" {
			text += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "  --%s%s\n      %s\n", f.Name, arg, text)
	})
}

func listenHint(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program has the port; end it, or choose one with --listen :0"
	case errors.Is(err, syscall.EACCES):
		return "ports below 1024 need privilege; choose another with --listen"
	}
	return "--listen takes host:port, as :7272 or 127.0.0.1:0"
}

func fail(w io.Writer, err error, hint string) int {
	fmt.Fprintf(w, "chatserver: %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
	if hint != "" {
		fmt.Fprintf(w, "hint: %s\n", hint)
	}
	return 2
}
