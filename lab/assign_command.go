package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"chatlab/lab/class"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
)

// assignTasks gives each student a task of their own.
func assignTasks(ctx context.Context, args []string, out *terminal) (int, error) {
	secret, file, slips, address, asCSV := "", "", "", "", false
	l := line("assign", command.Student+"…", "assign.about", "assign.status")
	l.String(&secret, "secret", command.Secret, texts.Lab.Message("flag.secret"))
	classFlag(l, &file)
	l.Bool(&asCSV, "csv", texts.Lab.Message("assign.csv"))
	l.String(&slips, "slips", command.File, texts.Lab.Message("assign.slips"))
	l.String(&address, "url", command.Address, texts.Lab.Message("assign.url"))
	ids, err := out.parse(l, args)
	switch {
	case err != nil:
		return 0, err
	case secret == "":
		return 0, l.Usage(texts.Lab.Error("secret"))
	case asCSV && slips == "-":
		return 0, l.Usage(texts.Lab.Error("assign.both"))
	case address != "" && slips == "":
		return 0, l.Usage(texts.Lab.Error("assign.no-slips"))
	}
	list, err := out.students(ctx, l, ids, file)
	if err != nil {
		return 0, err
	}
	var tasks []class.Task
	for _, id := range list.IDs {
		tasks = append(tasks, class.Assign(secret, id))
	}
	if slips != "" {
		if err := out.writeSlips(slips, address, tasks, secret); err != nil {
			return 0, err
		}
	}
	switch {
	case slips == "-": // they take the place of the table
	case asCSV:
		err = class.TasksCSV(out.stdout, tasks)
	default:
		err = class.Tasks(out.stdout, tasks, out.lang)
	}
	if err != nil {
		return 0, writeError(err)
	}
	if list.Lost() > 0 {
		return exitDiffers, nil
	}
	return exitRight, nil
}

// students gives the class list of a command line: the ids on it, or those in a
// file. An id "-" stands for the file "-".
func (t *terminal) students(ctx context.Context, l *command.Line, ids []string, file string) (*class.Roster, error) {
	if file == "" && slices.Equal(ids, []string{"-"}) {
		file, ids = "-", nil
	}
	switch {
	case file != "" && len(ids) > 0:
		return nil, l.Usage(texts.Lab.Error("assign.both-lists"))
	case file != "":
		return t.readClass(ctx, file)
	}
	if i := slices.IndexFunc(ids, isList); i >= 0 {
		return nil, l.Usage(texts.Lab.Error("assign.file", "file", ids[i]))
	}
	list := class.NewRoster(ids)
	t.sayOdd(list)
	if len(list.IDs) == 0 {
		return nil, l.Usage(texts.Lab.Error("assign.none"))
	}
	return list, nil
}

// isList tells a word that is meant for a class list's file, and not for an id.
func isList(id string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"}, strings.ToLower(filepath.Ext(id)))
}
