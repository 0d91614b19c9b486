// Command lab plays the documented WebSocket chat of 2014 on the wire and
// explains every packet.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
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

// command is one of the lab's commands.
type command func(ctx context.Context, args []string, out terminal) (status int, err error)

var commands = map[string]command{"run": runLive, "replay": replay, "guide": guideCommand, "serve": serveLesson, "check": checkFiles, "assign": assignTasks, "grade": gradeCaptures}

// run runs the command line args and gives the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	out := terminal{stdout: stdout, stderr: stderr, getenv: getenv, lang: catalogue.English}
	if lang, err := catalogue.Choose("", getenv); err == nil {
		out.lang = lang
	}
	name := "run"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "help" {
		fmt.Fprintln(stdout, texts.Lab.Message("usage").In(out.lang))
		return exitRight
	}
	do, ok := commands[name]
	if !ok {
		return out.fail(&usageError{fmt.Errorf("no command %q", name)})
	}
	status, err := do(ctx, args, out)
	if err != nil {
		return out.fail(err)
	}
	return status
}

// usageError is a fault in the command line.
type usageError struct{ error }

// helpRequest is what -h makes.
type helpRequest struct {
	error
	usage string // of one command, if it has one of its own
}

// fail says what went wrong and what can be done about it.
func (t terminal) fail(err error) int {
	var help *helpRequest
	if errors.As(err, &help) {
		fmt.Fprintln(t.stdout, cmp.Or(help.usage, texts.Lab.Message("usage").In(t.lang)))
		return exitRight
	}
	fmt.Fprintf(t.stderr, "lab: %s\n", oneLine(err))
	hint := stage.Hint(err)
	var usage *usageError
	if errors.As(err, &usage) {
		hint = "hint.usage"
	}
	if hint != "" {
		t.say("hint", "text", texts.Lab.Message(hint))
	}
	return exitFailed
}

// oneLine gives an error in one line, without the names of system calls that
// package os and package net put before what a user can read.
func oneLine(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) && path == err {
		return path.Path + ": " + path.Err.Error()
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}
