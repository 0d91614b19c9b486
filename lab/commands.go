package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/spelling"
)

// subcommand is one of the lab's commands.
type subcommand struct {
	name  string
	about catalogue.Message
	do    func(ctx context.Context, args []string, out *terminal) (status int, err error)
}

// subcommands are in the order in which a class meets them.
func subcommands() []subcommand {
	about := texts.Lab.Message
	return []subcommand{
		{"run", about("run.about"), runLive},
		{"replay", about("replay.about"), replay},
		{"fault", about("fault.about"), faultCommand},
		{"serve", about("serve.about"), serveLesson},
		{"guide", about("guide.about"), guideCommand},
		{"check", about("check.about"), checkFiles},
		{"assign", about("assign.about"), assignTasks},
		{"grade", about("grade.about"), gradeCaptures},
		{"words", about("words.about"), tellWords},
	}
}

// dispatch does what the first word of args says: run, where there is none.
func dispatch(ctx context.Context, args []string, out *terminal) (int, error) {
	name, args := commandOf(args)
	if name == "" {
		name = "run"
		if slices.ContainsFunc(args, asksForHelp) {
			name = "help"
		}
	}
	if name == "help" {
		return help(ctx, args, out)
	}
	all := subcommands()
	if i := slices.IndexFunc(all, func(c subcommand) bool { return c.name == name }); i >= 0 {
		return all[i].do(ctx, args, out)
	}
	l := &command.Line{Name: "lab", Args: "…"}
	_, out.lang, _ = l.Parse(args, out.getenv)
	hint := texts.Lab.Message("hint.help")
	for _, c := range all {
		if spelling.Distance(name, c.name) <= 2 {
			hint = texts.Lab.Message("hint.near", "name", c.name)
		}
	}
	return 0, texts.Lab.Error("command.unknown", "name", name).WithHint(hint)
}

// commandOf takes the command out of args: their first word, before which only
// --lang and --help may stand.
func commandOf(args []string) (name string, rest []string) {
	for i := 0; i < len(args); i++ {
		switch {
		case !strings.HasPrefix(args[i], "-"):
			return args[i], slices.Concat(args[:i], args[i+1:])
		case args[i] == "--lang" || args[i] == "-lang":
			i++
		case !strings.HasPrefix(strings.TrimLeft(args[i], "-"), "lang=") && !asksForHelp(args[i]):
			return "", args
		}
	}
	return "", args
}

func asksForHelp(arg string) bool { return slices.Contains([]string{"-h", "--help", "-help"}, arg) }

// help tells all commands, or one that is named.
func help(ctx context.Context, args []string, out *terminal) (int, error) {
	l := &command.Line{Name: "lab help", Args: "…"}
	words, lang, err := l.Parse(args, out.getenv)
	out.lang = lang
	if err != nil && !errors.Is(err, command.ErrHelp) {
		return 0, err
	}
	if len(words) > 0 {
		return dispatch(ctx, []string{words[0], "--help", "--lang", string(lang)}, out)
	}
	text := func(key string) string {
		return layout.Paragraph("", texts.Lab.Message(key).In(lang), command.Columns)
	}
	var page strings.Builder
	page.WriteString(text("help.usage") + "\n" + text("help.about") + "\n")
	for _, c := range subcommands() {
		page.WriteString(layout.Paragraph(layout.Pad("  lab "+c.name, 14), c.about.In(lang), command.Columns))
	}
	page.WriteString("\n" + text("help.more"))
	if _, err := io.WriteString(out.stdout, page.String()); err != nil {
		return 0, writeError(err)
	}
	return exitRight, nil
}

// line is the command line of one of the lab's commands.
func line(name, args string, about, status string) *command.Line {
	return &command.Line{Name: "lab " + name, Args: args, About: texts.Lab.Message(about), Status: texts.Lab.Message(status)}
}
