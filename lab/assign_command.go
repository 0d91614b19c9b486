package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"chatlab/lab/class"
)

// errNoSecret is the answer to assign and grade without --secret.
var errNoSecret = &usageError{errors.New("--secret is needed: any words that the students do not know, the same for assign and grade")}

// assignTasks gives each student a task of their own.
func assignTasks(_ context.Context, args []string, out terminal) (int, error) {
	flags := flagSet("assign")
	lang := flags.String("lang", "", "")
	secret := flags.String("secret", "", "")
	asCSV := flags.Bool("csv", false, "")
	ids, err := parseMixed(flags, args, &out, lang)
	if err != nil {
		return 0, withUsage(err, class.Text(out.lang, "usage.assign"))
	}
	if *secret == "" {
		return 0, errNoSecret
	}
	if len(ids) == 1 && ids[0] == "-" {
		if ids, err = readLines(os.Stdin); err != nil {
			return 0, err
		}
	}
	if len(ids) == 0 {
		return 0, &usageError{errors.New("assign needs the students' ids, or - to read them from standard input, one a line")}
	}
	var tasks []class.Task
	for _, id := range ids {
		task := class.Assign(*secret, id)
		if task.Student == "" || strings.ContainsAny(task.Student, "/\\\x00") {
			return 0, &usageError{fmt.Errorf("no student's id: %q; it must do as a file name", id)}
		}
		tasks = append(tasks, task)
	}
	if *asCSV {
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
