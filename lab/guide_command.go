package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"chatlab/lab/class"
	"chatlab/lab/guide"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/command"
	"chatlab/sniffer/tty"
)

// guideCommand leads a student through the lesson, who types on stdin.
func guideCommand(ctx context.Context, args []string, out *terminal) (int, error) {
	return runGuide(ctx, args, os.Stdin, out)
}

func runGuide(ctx context.Context, args []string, in io.Reader, out *terminal) (int, error) {
	name := ""
	c := guide.Config{
		In: in, Results: ".", ChatPort: scenario.ServerPort, PagePort: scenario.PagePort, Now: time.Now,
		// The page speaks as it did in 2014, so that the packets are the documented ones.
		Dialect: chat.V2014,
	}
	l := line("guide", "", "guide.about", "guide.status")
	stageFlag(l, &name, stage.Names)
	portFlags(l, &c.ChatPort, &c.PagePort)
	l.AllowOrigins(&c.AllowOrigins)
	command.Choice(l, &c.Dialect, "dialect", texts.Lab.Message("flag.dialect"), chat.Dialects...)
	task := taskFlags(l)
	l.String(&c.Results, "results", command.Directory, texts.Lab.Message("flag.results"))
	l.String(&c.Store.Dir, "state", command.Directory, texts.Lab.Message("flag.state"))
	if _, err := out.parse(l, args); err != nil {
		return 0, err
	}
	if err := twoPorts(l, c.ChatPort, c.PagePort); err != nil {
		return 0, err
	}
	var err error
	if c.Task, err = task(out); err != nil {
		return 0, err
	}
	if c.Store.Dir == "" {
		if c.Store.Dir, err = stateDir(out.getenv); err != nil {
			return 0, err
		}
	}
	where, err := stage.Open(name)
	if err != nil {
		return 0, err
	}
	defer where.Close()
	c.Forwarded = forwarded(out.getenv)
	c.Stage, c.Lang, c.Command = where, out.lang, typed(append([]string{"guide"}, args...))
	c.Screen = &guide.Screen{W: out.stdout, Columns: out.columns, Colour: out.colour(),
		Terminal: tty.Is(in) && tty.Is(out.stdout), Options: show.Options{Location: time.Local}}
	ending, err := guide.Run(ctx, c)
	if err != nil {
		return 0, err
	}
	if ending == guide.Interrupted {
		return exitDiffers, nil
	}
	return exitRight, nil
}

// taskFlags adds the flags that say what is to be done in the lesson. What they say is
// given by task.
func taskFlags(l *command.Line) (task func(*terminal) (guide.Task, error)) {
	var t guide.Task
	var student, secret, nick, message bool
	code := ""
	text := func(p *string, set *bool, name, value, meaning string) {
		l.Flag(name, value, texts.Lab.Message(meaning), func(v string) error { *p, *set = v, true; return nil })
	}
	text(&t.Student, &student, "student", command.Student, "guide.student")
	text(&code, &secret, "secret", command.Secret, "guide.secret")
	text(&t.Nick, &nick, "nick", command.Name, "guide.nick")
	text(&t.Message, &message, "message", command.Text, "guide.message")
	return func(out *terminal) (guide.Task, error) {
		switch {
		case student && (nick || message):
			return t, l.Usage(texts.Lab.Error("guide.both"))
		case secret && !student:
			return t, l.Usage(texts.Lab.Error("guide.no-student"))
		case student && code == "":
			return t, l.Usage(texts.Lab.Error("guide.no-secret"))
		case student:
			list := class.NewRoster([]string{t.Student})
			out.sayOdd(list)
			if len(list.IDs) == 0 {
				return t, l.Usage(texts.Lab.Error("guide.bad-student"))
			}
			assigned := class.Assign(code, list.IDs[0])
			return guide.Task{Student: assigned.Student, Nick: assigned.Nick, Message: assigned.Message}, nil
		}
		if nick {
			if err := guide.ValidNick(t.Nick); err != nil {
				return t, err
			}
		}
		if message {
			if err := guide.ValidMessage(t.Message); err != nil {
				return t, err
			}
		}
		return t, nil
	}
}

// stateDir is where a lesson is kept between two runs: below $XDG_STATE_HOME, if that is
// absolute (XDG Base Directory Specification), or where the system keeps such files.
func stateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "chatlab"), nil
	}
	no := func(why any) error {
		return texts.Lab.Error("state", "why", why).WithHint(texts.Lab.Message("hint.state"))
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", no(err)
		}
		return filepath.Join(dir, "chatlab"), nil
	}
	switch home := filepath.Clean(getenv("HOME")); {
	case home == ".":
		return "", no(texts.Lab.Message("state.unset"))
	case home == "/" || !filepath.IsAbs(home): // that of who has none, as in a container
		return "", no(texts.Lab.Message("state.home", "home", home))
	default:
		return filepath.Join(home, ".local", "state", "chatlab"), nil
	}
}
