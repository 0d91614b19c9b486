package main

import (
	"context"
	"log/slog"
	"time"

	"chatlab/chatserver/journal"
	"chatlab/lab/bundle"
	"chatlab/lab/scenario"
	"chatlab/lab/serve"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/listen"
)

// serveLesson serves the chat, the page and the wire until it is interrupted.
func serveLesson(ctx context.Context, args []string, out *terminal) (int, error) {
	o := serve.Options{ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Log: slog.New(slog.DiscardHandler)}
	verbose := false
	l := line("serve", "", "serve.about", "serve.status")
	stageFlag(l, &o.Stage, serve.Stages)
	l.Bool(&o.ShareWire, "share-wire", texts.Lab.Message("flag.share-wire"))
	l.String(&o.Host, "host", command.Address, texts.Lab.Message("flag.host"))
	portFlags(l, &o.ChatPort, &o.PagePort)
	l.AllowOrigins(&o.AllowOrigins)
	l.Bool(&verbose, "v", texts.Lab.Message("flag.v"))
	if _, err := out.parse(l, args); err != nil {
		return 0, err
	}
	if err := twoPorts(l, o.ChatPort, o.PagePort); err != nil {
		return 0, err
	}
	var err error
	if o.Host, err = listen.Host(ctx, "--host", o.Host); err != nil {
		return 0, err
	}
	o.Lang, o.Forwarded = out.lang, forwarded(out.getenv)
	if verbose {
		log := journal.New(out.stderr) // a stopped terminal stops no lesson
		defer log.Flush(500 * time.Millisecond)
		o.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	lesson, err := serve.Open(o)
	if err != nil {
		return 0, err
	}
	addresses, unseen := listen.Addresses()
	// The lesson is given while the invitation is written, and without it: a
	// terminal that is stopped, a pipe that is full and a reader that is gone keep
	// nobody out.
	go func() {
		where := lesson.Stage
		if where == stage.Host {
			where = "interfaces" // all of them, not the loopback alone
		}
		out.sayStage(where, lesson.Passed)
		if err := serve.Invite(out.stdout, lesson, out.lang, addresses, unseen); err != nil {
			out.report(writeError(err))
		}
	}()
	return exitRight, lesson.Run(ctx)
}

func forwarded(getenv func(string) string) func(port uint16) string {
	return func(port uint16) string { return bundle.Forwarded(getenv, port) }
}

// portFlags adds --chat and --page, whose defaults are what they point to.
func portFlags(l *command.Line, chat, page *uint16) {
	command.Integer(l, chat, "chat", command.Port, 0, 65535, texts.Lab.Message("flag.chat", "default", *chat))
	command.Integer(l, page, "page", command.Port, 0, 65535, texts.Lab.Message("flag.page", "default", *page))
}

// twoPorts says where chat and page are to be on one port; 0 is a free one each.
func twoPorts(l *command.Line, chat, page uint16) error {
	if chat != page || chat == 0 {
		return nil
	}
	return l.Usage(texts.Lab.Error("ports.same", "port", chat))
}
