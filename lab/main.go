// Command lab plays the documented WebSocket chat of 2014 on the wire and
// explains every packet.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"chatlab/lab/stage"
	"chatlab/sniffer/command"
)

// The exit statuses.
const (
	exitRight   = 0 // done, and as expected
	exitDiffers = 1 // done, and it differs
	exitFailed  = 2 // could not be done
)

func main() {
	if stage.Broker(os.Args[1:]) {
		return
	}
	// A closed pipe is an error like others, not a silent end.
	signal.Ignore(syscall.SIGPIPE)
	ctx := command.UntilTold()
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv) }()
	select {
	case status := <-ended:
		os.Exit(status)
	case <-ctx.Done():
	}
	select {
	case status := <-ended:
		os.Exit(status)
	case <-time.After(endTime):
		// What waits for a stopped terminal waits for ever.
		os.Exit(exitDiffers)
	}
}

// endTime is how long a command that is told to end may take: a chat server's
// members have four seconds to hear what waits for them.
const endTime = 6 * time.Second

// run runs the command line args and gives the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	out := &terminal{stdout: stdout, stderr: stderr, getenv: getenv}
	status, err := dispatch(ctx, args, out)
	switch {
	case errors.Is(err, command.ErrHelp):
		return exitRight
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitFailed // who ended it knows
	case err != nil:
		out.report(err)
		return exitFailed
	}
	return status
}
