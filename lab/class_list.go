package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"chatlab/lab/class"
	"chatlab/lab/scenario"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
)

// classFlag adds --class, the file of a class list.
func classFlag(l *command.Line, file *string) {
	l.String(file, "class", command.File, texts.Lab.Message("flag.class"))
}

// chatFlag adds --chat, the port of the chat in a capture.
func chatFlag(l *command.Line, port *uint16) {
	*port = scenario.ServerPort
	command.Integer(l, port, "chat", command.Port, 1, 65535, texts.Lab.Message("flag.captured-chat", "default", *port))
}

// readClass reads a class list, and says what is odd about it; "-" is standard input.
func (t *terminal) readClass(ctx context.Context, file string) (*class.Roster, error) {
	var from io.Reader
	if file == "-" {
		// Nothing ends a read from a terminal, where nobody types: it is left behind.
		r, w := io.Pipe()
		go func() { _, err := io.Copy(w, os.Stdin); w.CloseWithError(err) }()
		defer context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })()
		from = r
	} else {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	list, err := class.ReadRoster(from)
	t.sayOdd(list)
	return list, err
}

// sayOdd says what is odd about a class list.
func (t *terminal) sayOdd(list *class.Roster) {
	for _, o := range list.Odd {
		fmt.Fprint(t.stderr, layout.Paragraph("", o.Message().In(t.lang), command.Columns))
	}
}
