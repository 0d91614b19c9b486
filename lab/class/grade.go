package class

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
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

// extension is that of a capture file.
var extension = regexp.MustCompile(`(?i)\.pcap(ng)?(\.(gz|zst|lz4))?$`)

// Student gives the student's id out of the name of a capture file; ok is false
// for other files.
func Student(file string) (id string, ok bool) {
	name := filepath.Base(file)
	at := extension.FindStringIndex(name)
	if at == nil || at[0] == 0 {
		return "", false
	}
	return name[:at[0]], true
}

// Grade is what one capture is worth.
type Grade struct {
	Task
	File string
	// Report is nil when the file could not be read at all; Err says why, or why
	// not to its end.
	Report *check.Report
	Err    error
	Points int // one for each step that was found
	Alike  []Alike

	digest      [sha256.Size]byte
	fingerprint fingerprint
}

// Of is how many points there are: one for each step.
var Of = len(scenario.Steps)

// Grading is a directory of captures, graded.
type Grading struct {
	Grades []Grade  // in the order of the students' ids
	Other  []string // files that are no captures, by name
}

// GradeDir grades the captures in dir: each against the task that the secret
// gives to the student whose id the file is named for, and all against each
// other. progress, if not nil, is called after each file, from one goroutine at
// a time.
func GradeDir(ctx context.Context, secret, dir string, progress func(done, of int)) (*Grading, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var g Grading
	for _, e := range entries {
		id, ok := Student(e.Name())
		if !ok || e.IsDir() {
			if !strings.HasPrefix(e.Name(), ".") {
				g.Other = append(g.Other, e.Name())
			}
			continue
		}
		g.Grades = append(g.Grades, Grade{Task: Assign(secret, id), File: filepath.Join(dir, e.Name())})
	}
	if len(g.Grades) == 0 {
		return nil, ErrNoCaptures
	}
	var mu sync.Mutex
	done := 0
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range g.Grades {
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			g.Grades[i].read(ctx)
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress != nil {
				progress(done, len(g.Grades))
			}
			return ctx.Err()
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	g.compare()
	slices.SortStableFunc(g.Grades, func(a, b Grade) int { return strings.Compare(a.Student, b.Student) })
	return &g, nil
}

// ErrNoCaptures says that a directory has no capture file in it.
var ErrNoCaptures = errors.New("no capture file in the directory")

// read checks a grade's file.
func (g *Grade) read(ctx context.Context) {
	f, err := os.Open(g.File)
	if err != nil {
		g.Err = err
		return
	}
	defer f.Close()
	sum := sha256.New()
	captured, err := evidence.File(ctx, io.TeeReader(f, sum), g.File)
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
	g.Report = check.Capture(captured, steps.Task{Nick: g.Nick, Message: g.Message})
	g.Points = g.Report.Found()
}
