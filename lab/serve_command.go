package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"chatlab/chatserver/journal"
	"chatlab/lab/scenario"
	"chatlab/lab/serve"
	"chatlab/lab/stage"
)

// serveLesson serves the chat, the page and the wire until it is interrupted.
func serveLesson(ctx context.Context, args []string, out terminal) (int, error) {
	flags := flagSet("serve")
	lang := flags.String("lang", "", "")
	name := flags.String("stage", "", "")
	host := flags.String("host", "", "")
	chat := flags.Uint("chat", scenario.ServerPort, "")
	page := flags.Uint("page", scenario.PagePort, "")
	share := flags.Bool("share-wire", false, "")
	verbose := flags.Bool("v", false, "")
	if err := parse(flags, args, &out, lang); err != nil {
		return 0, err
	}
	if *chat > 65535 || *page > 65535 {
		return 0, &usageError{fmt.Errorf("a port is at most 65535")}
	}
	o := serve.Options{
		Stage: *name, Host: *host, ChatPort: uint16(*chat), PagePort: uint16(*page),
		ShareWire: *share, Lang: out.lang, Log: slog.New(slog.DiscardHandler),
	}
	if *verbose {
		log := journal.New(out.stderr) // a stopped terminal stops no lesson
		defer log.Flush(500 * time.Millisecond)
		o.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	lesson, err := serve.Open(o)
	if err != nil {
		return 0, err
	}
	addresses, err := serve.Addresses()
	if err != nil {
		lesson.Close()
		return 0, err
	}
	// The lesson is given while the invitation is written, and without it: a
	// terminal that is stopped, a pipe that is full and a reader that is gone keep
	// nobody out.
	go func() {
		where := lesson.Stage
		if where == stage.Host {
			where = "interfaces" // all of them, not the loopback alone
		}
		out.sayStage(where, lesson.Passed)
		if err := serve.Invite(out.stdout, lesson, out.lang, addresses); err != nil {
			fmt.Fprintf(out.stderr, "lab: %v\n", writeError(err))
		}
	}()
	return exitRight, lesson.Run(ctx)
}
