package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"chatlab/lab/guide"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/stage"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/tty"
)

// guideCommand leads a student through the lesson, who types on stdin.
func guideCommand(ctx context.Context, args []string, out terminal) (int, error) {
	return runGuide(ctx, args, os.Stdin, out)
}

func runGuide(ctx context.Context, args []string, in io.Reader, out terminal) (int, error) {
	flags := flagSet("guide")
	lang := flags.String("lang", "", "")
	name := flags.String("stage", "", "")
	state := flags.String("state", "", "")
	results := flags.String("results", ".", "")
	chatPort := flags.Uint("chat", scenario.ServerPort, "")
	pagePort := flags.Uint("page", scenario.PagePort, "")
	// The page speaks as it did in 2014, so that the packets are the documented ones.
	dialect := flags.String("dialect", string(chat.V2014), "")
	if err := parse(flags, args, &out, lang); err != nil {
		return 0, err
	}
	if *chatPort > 65535 || *pagePort > 65535 {
		return 0, &usageError{fmt.Errorf("a port is at most 65535")}
	}
	if !slices.Contains(chat.Dialects, chat.Dialect(*dialect)) {
		return 0, &usageError{fmt.Errorf("no dialect %q: take %s or %s", *dialect, chat.V2014, chat.Today)}
	}
	if *state == "" {
		var err error
		if *state, err = stateDir(out.getenv); err != nil {
			return 0, err
		}
	}
	where, err := stage.Open(*name)
	if err != nil {
		return 0, err
	}
	defer where.Close()
	// A closed terminal ends the lesson as Ctrl-C does: with everything saved.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	ending, err := guide.Run(ctx, guide.Config{
		Stage: where, Lang: out.lang, In: in, Store: guide.Store{Dir: *state}, Results: *results,
		Screen: &guide.Screen{W: out.stdout, Columns: out.columns, Colour: out.colour(),
			Terminal: tty.Is(in) && tty.Is(out.stdout), Options: show.Options{Location: time.Local}},
		ChatPort: uint16(*chatPort), PagePort: uint16(*pagePort), Dialect: chat.Dialect(*dialect), Now: time.Now,
	})
	if err != nil {
		return 0, err
	}
	if ending == guide.Interrupted {
		return exitDiffers, nil
	}
	return exitRight, nil
}

// stateDir is where a lesson is kept between two runs: below $XDG_STATE_HOME
// (XDG Base Directory Specification), or where the system keeps such files.
func stateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "chatlab"), nil
	}
	if home := getenv("HOME"); home != "" && runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		return filepath.Join(home, ".local", "state", "chatlab"), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no directory for the lesson's state: %w; name one with --state", err)
	}
	return filepath.Join(dir, "chatlab"), nil
}
