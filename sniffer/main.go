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

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/filter"
)

func main() {
	// A reader that goes away is the end, not a reason to be killed: what was
	// captured is still to be written and counted.
	signal.Ignore(syscall.SIGPIPE)
	ctx, _ := signal.NotifyContext(context.Background(), command.EndSignals()...)
	os.Exit(run(ctx, os.Args[1:], environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}))
}

// Exit statuses, as tcpdump's.
const (
	exitOK    = 0
	exitError = 1
)

// environment is what the command has around it.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	resolver       filter.Resolver // of the filter's names; nil: the system's
}

// run is the whole command; it is what tests call.
func run(ctx context.Context, args []string, env environment) int {
	o, err := parse(args)
	lang, langErr := catalogue.Choose(o.lang, env.getenv)
	if err == nil {
		err = langErr
	}
	notices := notices{env.stderr, lang}
	if err == nil {
		err = perform(ctx, o, env, notices)
	}
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return exitOK
	}
	notices.error(err)
	return exitError
}

// perform does what the command line asks for.
func perform(ctx context.Context, o *options, env environment, notices notices) error {
	switch {
	case o.help:
		return writeHelp(env.stdout, notices.lang)
	case o.version:
		_, err := fmt.Fprintln(env.stdout, texts.Message("version").In(notices.lang))
		return err
	case o.list:
		return listInterfaces(env.stdout)
	}
	return sniff(ctx, o, env, notices)
}
