package class

import (
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
)

// Grade is what a student's capture is worth.
type Grade struct {
	Task
	// File is the capture's, "" where there is none. Of several that a student handed
	// in it is the best one, and the paths of the others are in Others.
	File   string
	Others []string
	// Unlisted: the student is not on the class list. Perhaps are those of the list
	// who may be meant, where the file's path names several.
	Unlisted bool
	Perhaps  []string
	// Left is what the student handed in beside, and is no capture.
	Left []LeftOut
	// Report is nil when there is no file, or it could not be read at all; Err says why
	// it could not, or why not to its end.
	Report *check.Report
	Err    error
	Points int    // one for each step that was found
	Port   uint16 // the chat server's that was asked for, or 0
	// Alike is the group of captures that share packets with this one, or nil.
	Alike *Group
	// TaskOf is the other student whose task the capture does, or "".
	TaskOf string
	// Watched is how many other students' own conversations are in the capture, where
	// these are several and none is the student's own.
	Watched int
	// Shown is how many captures have the same conversation, where it does nobody's
	// task and so many have it that it was a demonstration.
	Shown int
	// Played: the conversation is one that the lab itself plays.
	Played bool

	digest      [sha256.Size]byte
	fingerprint fingerprint
}

// Absent tells whether the student has handed in no capture.
func (g *Grade) Absent() bool { return g.File == "" }

// Of is how many points there are: one for each step.
var Of = len(scenario.Steps)

// Grading is a directory of captures, graded.
type Grading struct {
	// Grades are the students': those of the class list in its order, then the others
	// in the order of their ids.
	Grades []Grade
	Groups []*Group  // of captures that share packets
	Listed bool      // there is a class list
	Other  []LeftOut // what is not graded, and of no student
}

// Options say how captures are graded.
type Options struct {
	List *Roster     // the class; nil: whoever handed in
	Skip os.FileInfo // a folder in the directory that is not looked into
	Port uint16      // the chat server's; 0: scenario.ServerPort
	// Progress, if not nil, is called after each file, from one goroutine at a time.
	Progress func(done, of int)
}

// GradeDir grades the captures in dir: each against the task that the secret gives to
// the student whose it is, by the names of folder and file, and all against each
// other. o may be nil.
func GradeDir(ctx context.Context, secret, dir string, o *Options) (*Grading, error) {
	if o == nil {
		o = &Options{}
	}
	found := search{dir: dir, skip: o.Skip}
	if err := found.in("", 0); err != nil {
		return nil, err
	}
	files := make([]Grade, len(found.captures))
	owner := owner(o.List, found.captures)
	for i, file := range found.captures {
		files[i] = owner(file)
		files[i].Task, files[i].File = Assign(secret, files[i].Student), file
	}
	var mu sync.Mutex
	done := 0
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range files {
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			files[i].read(ctx, dir, o.Port)
			mu.Lock()
			defer mu.Unlock()
			done++
			if o.Progress != nil {
				o.Progress(done, len(files))
			}
			return ctx.Err()
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	g := &Grading{Listed: o.List != nil}
	g.gather(secret, o.List, files)
	g.leave(found.other, owner)
	if !slices.ContainsFunc(g.Grades, func(g Grade) bool { return !g.Absent() }) {
		return nil, &NoCaptures{found.other}
	}
	for i := range g.Grades {
		g.Grades[i].Port = o.Port
	}
	g.compare()
	return g, nil
}

// owner gives what tells whose a file is.
func owner(list *Roster, files []string) func(file string) Grade {
	student := students(files)
	if list == nil {
		return func(file string) Grade { return Grade{Task: Task{Student: student(file)}} }
	}
	f := newFinder(list)
	return func(file string) Grade {
		who := f.who(file)
		if len(who) == 1 {
			return Grade{Task: Task{Student: who[0]}}
		}
		g := Grade{Task: Task{Student: student(file)}, Unlisted: true, Perhaps: who}
		if len(who) > 1 {
			g.Student = tidy(readable(file)) // one student's alone, whatever its folder
		}
		return g
	}
}

// gather makes one grade a student of all files' grades: the best, or of equals the
// first by name.
func (g *Grading) gather(secret string, list *Roster, files []Grade) {
	at := map[string]int{}
	if list != nil {
		for i, id := range list.IDs {
			g.Grades = append(g.Grades, Grade{Task: Assign(secret, id)})
			at[Fold(id)] = i
		}
	}
	listed := len(g.Grades)
	for i := range files {
		f := &files[i]
		n, ok := at[Fold(f.Student)]
		if !ok {
			at[Fold(f.Student)] = len(g.Grades)
			g.Grades = append(g.Grades, *f)
			continue
		}
		switch best := &g.Grades[n]; {
		case best.Absent():
			*best = *f
		case f.rank() > best.rank():
			f.Others = append(best.Others, best.File)
			*best = *f
		default:
			best.Others = append(best.Others, f.File)
		}
	}
	slices.SortStableFunc(g.Grades[listed:], func(a, b Grade) int { return strings.Compare(a.Student, b.Student) })
}

// rank orders the files of one student: by points, then those that could be read.
func (g *Grade) rank() int {
	rank := 4 * g.Points
	if g.Report != nil {
		rank += 2
	}
	if g.Err == nil {
		rank++
	}
	return rank
}

// leave gives what is no capture to the students whose it is, and keeps the rest.
func (g *Grading) leave(other []LeftOut, owner func(file string) Grade) {
	at := map[string]int{}
	for i := range g.Grades {
		at[Fold(g.Grades[i].Student)] = i
	}
	for _, left := range other {
		if i, ok := at[Fold(owner(left.File).Student)]; ok {
			g.Grades[i].Left = append(g.Grades[i].Left, left)
		} else {
			g.Other = append(g.Other, left)
		}
	}
}

// NoCaptures says that a directory has no capture file in it, but perhaps others.
type NoCaptures struct{ Other []LeftOut }

func (*NoCaptures) Error() string { return "no capture file in the directory" }

// read checks a grade's file.
func (g *Grade) read(ctx context.Context, dir string, port uint16) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(g.File)))
	if err != nil {
		g.Err = err
		return
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxSize {
		g.Err = texts.Error("large", "most", maxSize>>20)
		return
	}
	sum := sha256.New()
	captured, err := evidence.File(ctx, io.TeeReader(f, sum), g.File, port)
	g.Err = err
	// What is behind the last packet counts too.
	if _, err := io.Copy(sum, f); err != nil && g.Err == nil {
		g.Err = err
	}
	sum.Sum(g.digest[:0])
	if captured == nil {
		return
	}
	g.fingerprint = newFingerprint(captured)
	g.Report = check.Capture(captured, steps.Task{Nick: g.Nick, Message: g.Message, Port: port})
	g.Points = g.Report.Found()
}
