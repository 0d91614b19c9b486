// Sniffer prints the packets that pass on a network, or that a file holds, in
// tcpdump's words and with tcpdump's command line:
//
//	go run ./sniffer -Ans 4096 -iany port 7272
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A reader that goes away is the end, not a reason to be killed: what was
	// captured is still to be written and counted.
	signal.Ignore(syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit statuses, as tcpdump's.
const (
	exitOK    = 0
	exitError = 1
)

// run is the whole command; it is what tests call.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c, err := parseArgs(args)
	if err == nil {
		err = c.run(ctx, stdin, stdout, stderr)
	}
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return exitOK
	}
	fmt.Fprintf(stderr, "sniffer: %v\n", err)
	var x expressionError
	if errors.As(err, &x) {
		fmt.Fprintln(stderr, x.error.Point(x.expression))
	}
	var h hinted
	if errors.As(err, &h) {
		fmt.Fprintf(stderr, "hint: %s\n", h.hint)
	}
	return exitError
}

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func hint(hint, format string, args ...any) error {
	return hinted{fmt.Errorf(format, args...), hint}
}
