package main

import (
	"bufio"
	"context"
	"os"
	"strings"

	"chatlab/lab/class"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
)

// assignTasks gives each student a task of their own.
func assignTasks(_ context.Context, args []string, out *terminal) (int, error) {
	secret, asCSV := "", false
	l := line("assign", command.Student+"…", "assign.about", "assign.status")
	l.String(&secret, "secret", command.Secret, texts.Lab.Message("flag.secret"))
	l.Bool(&asCSV, "csv", texts.Lab.Message("assign.csv"))
	ids, err := out.parse(l, args)
	if err == nil && secret == "" {
		err = l.Usage(texts.Lab.Error("secret"))
	}
	if err != nil {
		return 0, err
	}
	if len(ids) == 1 && ids[0] == "-" {
		if ids, err = readLines(os.Stdin); err != nil {
			return 0, err
		}
	}
	if len(ids) == 0 {
		return 0, l.Usage(texts.Lab.Error("assign.none"))
	}
	var tasks []class.Task
	for _, id := range ids {
		task := class.Assign(secret, id)
		if task.Student == "" || strings.ContainsAny(task.Student, "/\\\x00") {
			return 0, l.Usage(texts.Lab.Error("assign.id", "id", layout.Quote(id, 80)))
		}
		tasks = append(tasks, task)
	}
	if asCSV {
		err = class.TasksCSV(out.stdout, tasks)
	} else {
		err = class.Tasks(out.stdout, tasks, out.lang)
	}
	if err != nil {
		return 0, writeError(err)
	}
	return exitRight, nil
}

// readLines gives a file's lines that are not blank.
func readLines(f *os.File) ([]string, error) {
	var lines []string
	s := bufio.NewScanner(f)
	for s.Scan() {
		if line := strings.TrimSpace(s.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, s.Err()
}
