package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"chatlab/lab/fault"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/spelling"
	"chatlab/sniffer/tty"
)

// faultCommand plays the scenario with one thing wrong, which the student at stdin
// predicts first.
func faultCommand(ctx context.Context, args []string, out *terminal) (int, error) {
	return playFault(ctx, args, os.Stdin, out)
}

func playFault(ctx context.Context, args []string, in io.Reader, out *terminal) (int, error) {
	name, file, plain := stage.Userspace, "", false
	l := line("fault", command.Name+"|list", "fault.about", "fault.status")
	command.Choice(l, &name, "stage", texts.Lab.Message("flag.fault-stage"), stage.Userspace, stage.Namespace)
	l.Bool(&plain, "plain", texts.Lab.Message("flag.plain"))
	l.String(&file, "w", command.File, texts.Lab.Message("flag.w"))
	words, err := out.parse(l, args)
	if err != nil {
		return 0, err
	}
	if slices.Equal(words, []string{"list"}) {
		return exitRight, out.listFaults()
	}
	f, err := findFault(words)
	if err != nil {
		return 0, err
	}
	where, err := openFault(f, name)
	if err != nil {
		return 0, err
	}
	defer where.Close()
	if !plain {
		out.sayStage(name, nil)
		if err := out.tell(f.Before()); err != nil {
			return 0, err
		}
		if err := out.waitForEnter(ctx, in); err != nil {
			out.say("interrupted", "packets", 0)
			return exitDiffers, nil
		}
	}
	options := out.show()
	options.Plain, options.Location = plain, scenario.Zone
	r := recorder{show: show.New(out.stdout, options), file: file, snaplen: f.Snaplen}
	err = f.Play(ctx, where, r.packet)
	if e := r.close(); err == nil {
		err = e
	}
	if file != "" && r.pcap != nil {
		out.say("written", "packets", r.count, "file", file)
	}
	switch {
	case errors.Is(err, context.Canceled):
		out.say("interrupted", "packets", r.count)
		return exitDiffers, nil
	case err != nil:
		return 0, err
	case plain:
		return exitRight, nil
	}
	if err := out.tell(f.After()); err != nil {
		return 0, err
	}
	return exitRight, out.tell(texts.Lab.Message("fault.page", "told", f.Page()))
}

// findFault gives the fault that is named.
func findFault(words []string) (*fault.Fault, error) {
	hint := texts.Lab.Message("hint.fault")
	if len(words) != 1 {
		return nil, texts.Lab.Error("fault.none").WithHint(hint)
	}
	for _, f := range fault.All {
		switch {
		case f.Name == words[0]:
			return f, nil
		case spelling.Distance(words[0], f.Name) <= 2:
			hint = texts.Lab.Message("hint.fault.near", "name", f.Name)
		}
	}
	return nil, texts.Lab.Error("fault.unknown", "name", words[0]).WithHint(hint)
}

// openFault opens the stage of that name for a fault.
func openFault(f *fault.Fault, name string) (stage.Stage, error) {
	switch {
	case name == stage.Userspace:
		return f.OpenStage()
	case f.Link != nil:
		return nil, texts.Lab.Error("fault.link", "name", f.Name).WithHint(texts.Lab.Message("hint.fault.link"))
	}
	return stage.Open(name)
}

// listFaults tells all faults, each in a line.
func (t *terminal) listFaults() error {
	widest := 0
	for _, f := range fault.All {
		widest = max(widest, layout.Width(f.Name))
	}
	var page strings.Builder
	for _, f := range fault.All {
		head := layout.Pad("  "+f.Name, widest+4)
		page.WriteString(layout.Paragraph(head, f.About().In(t.lang), t.columns()))
	}
	return t.write(page.String())
}

// tell writes a text to stdout, and a blank line.
func (t *terminal) tell(m catalogue.Message) error {
	return t.write(layout.Paragraph("", m.In(t.lang), t.columns()) + "\n")
}

func (t *terminal) write(text string) error {
	if _, err := io.WriteString(t.stdout, text); err != nil {
		return writeError(err)
	}
	return nil
}

// waitForEnter lets a person predict what is to come, before it comes.
func (t *terminal) waitForEnter(ctx context.Context, in io.Reader) error {
	if !tty.Is(in) {
		return nil
	}
	fmt.Fprint(t.stderr, texts.Lab.Message("fault.enter").In(t.lang))
	pressed := make(chan struct{})
	go func() {
		defer close(pressed)
		_, _ = bufio.NewReader(in).ReadString('\n')
	}()
	select {
	case <-pressed:
		fmt.Fprintln(t.stderr)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
