package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"chatlab/chatserver/journal"
	"chatlab/lab/bundle"
	"chatlab/lab/desk"
	"chatlab/lab/scenario"
	"chatlab/lab/serve"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/listen"
)

// serveLesson serves the chat, the page and the wire until it is interrupted.
func serveLesson(ctx context.Context, args []string, out *terminal) (int, error) {
	o := serve.Options{ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Log: slog.New(slog.DiscardHandler)}
	verbose, forget, file := false, false, ""
	l := line("serve", "", "serve.about", "serve.status")
	stageFlag(l, &o.Stage, serve.Stages)
	l.Bool(&o.ShareWire, "share-wire", texts.Lab.Message("flag.share-wire"))
	l.String(&o.Host, "host", command.Address, texts.Lab.Message("flag.host"))
	portFlags(l, &o.ChatPort, &o.PagePort)
	classFlag(l, &file)
	l.String(&o.Secret, "secret", command.Secret, texts.Lab.Message("serve.secret"))
	l.String(&o.Results, "results", command.Directory, texts.Lab.Message("serve.results"))
	l.Bool(&forget, "forget", texts.Lab.Message("serve.forget"))
	l.AllowOrigins(&o.AllowOrigins)
	l.Bool(&verbose, "v", texts.Lab.Message("flag.v"))
	if _, err := out.parse(l, args); err != nil {
		return 0, err
	}
	if err := twoPorts(l, o.ChatPort, o.PagePort); err != nil {
		return 0, err
	}
	if forget {
		return exitRight, forgetResults(l, o.Results, out)
	}
	var err error
	if o.Host, err = listen.Host(ctx, "--host", o.Host); err != nil {
		return 0, err
	}
	if err := classOf(ctx, l, &o, file, out); err != nil {
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
		on := serve.Paper{Lang: out.lang, Columns: min(out.columns(), 80), Colour: out.colour()}
		if err := serve.Invite(out.stdout, lesson, on, addresses, unseen); err != nil {
			out.report(writeError(err))
		}
	}()
	return exitRight, lesson.Run(ctx)
}

// classOf reads the class list, and makes a secret where there is none.
func classOf(ctx context.Context, l *command.Line, o *serve.Options, file string, out *terminal) (err error) {
	if file == "" {
		if o.Secret != "" {
			return l.Usage(texts.Lab.Error("serve.no-class"))
		}
		return nil
	}
	if o.Class, err = out.readClass(ctx, file); err != nil || o.Secret != "" {
		return err
	}
	o.Secret = strings.ToLower(rand.Text()[:10])
	fmt.Fprint(out.stderr, layout.Paragraph("", texts.Lab.Message("serve.made-secret", "secret", o.Secret).In(out.lang), command.Columns))
	return nil
}

// forgetResults removes what lessons have kept in a folder.
func forgetResults(l *command.Line, results string, out *terminal) error {
	if results == "" {
		return l.Usage(texts.Lab.Error("serve.forget-what"))
	}
	files, err := desk.Forget(results)
	if errors.Is(err, fs.ErrNotExist) {
		return texts.Lab.Error("serve.nothing", "directory", results)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out.stdout, texts.Lab.Message("serve.forgotten", "files", files, "directory", results).In(out.lang))
	return nil
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
