package guide

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"chatlab/lab/words"
	"chatlab/sniffer/layout"
)

const stateVersion = 2

// State is where a lesson stands, as far as the captured packets do not tell.
type State struct {
	Version int `json:"version"`
	// ID is the lesson's own, however often it is left and gone on with.
	ID   string `json:"id,omitempty"`
	Step Step   `json:"step"`
	// Task is what is to be done in it.
	Task Task `json:"task,omitzero"`
	// Cursor is how many packets have been shown, or passed over.
	Cursor int `json:"cursor"`
	// Begin is from which packet on a step's evidence counts; a step that is
	// done again does not take the packets of the time before.
	Begin map[Step]int `json:"begin,omitempty"`
	// PageSeen is true when the page has been loaded.
	PageSeen bool `json:"page_seen,omitempty"`
	// Introduced is true when the present step's opening words have been said.
	Introduced bool `json:"introduced,omitempty"`
	// Events are what happened between the packets, in their order.
	Events []Event `json:"events,omitempty"`
	// Answers are the questions that are over, in their order, those too that back
	// and reset took back.
	Answers []Answer `json:"answers,omitempty"`
	// Pending is the question that is being answered, or the action waited for.
	Pending Answer `json:"pending"`
	// StoodIn are the steps that the student left to the lab.
	StoodIn []Step `json:"stood_in,omitempty"`
	// Scripted are the ports of the browser that is in the chat before.
	Scripted []uint16 `json:"scripted,omitempty"`
	// StandIns are the numbers of the connections that a scripted browser made in the
	// student's place.
	StandIns []int `json:"stand_ins,omitempty"`
	// Explained are the words of the field that were said, and explained.
	Explained []words.Word `json:"explained,omitempty"`
	// Strangers are the numbers of the connections that do not count.
	Strangers []int `json:"strangers,omitempty"`
}

// Outcome is how a question ended.
type Outcome string

// The outcomes.
const (
	Right   Outcome = "right" // at once or at the second try
	Wrong   Outcome = "wrong"
	Skipped Outcome = "skipped"
	Open    Outcome = "open" // it was left by back or reset
)

// Answer is what a student answered.
type Answer struct {
	Question string   `json:"question,omitempty"`
	Step     Step     `json:"step,omitempty"`
	At       int      `json:"at"` // index of the packet that it was asked before, or -1
	Given    []string `json:"given,omitempty"`
	Outcome  Outcome  `json:"outcome,omitempty"`
	Hints    int      `json:"hints,omitempty"`
	// Before is how many of the hints were taken before the first try.
	Before int `json:"before,omitempty"`
	// Asked, Expected and Why are the question, its answer and the reason as they
	// were told: what is captured later may give others.
	Asked    string  `json:"asked,omitempty"`
	Expected string  `json:"expected,omitempty"`
	Why      string  `json:"why,omitempty"`
	Undone   Undoing `json:"undone,omitempty"`
}

// valid tells what in s cannot be, given how many packets were kept.
func (s *State) valid(packets int) error {
	switch {
	case s.Version != stateVersion:
		return texts.Error("state.version", "version", s.Version, "ours", stateVersion)
	case !validID(s.ID):
		return impossible("id", layout.Quote(s.ID, 40))
	case !s.Step.valid():
		return impossible("step", layout.Quote(string(s.Step), 40))
	case s.Cursor < 0 || s.Cursor > packets:
		return impossible("cursor", s.Cursor)
	}
	for step, n := range s.Begin {
		if !step.valid() || n < 0 || n > packets {
			return impossible("begin", n)
		}
	}
	if p := &s.Pending; p.Hints < 0 || p.Hints > hints || p.Question != "" && !slices.Contains(questions, p.Question) {
		return impossible("pending", layout.Quote(p.Question, 40))
	}
	for _, a := range s.Answers {
		if a.Hints < 0 || a.Hints > hints || a.At < -1 || a.At >= packets || !a.Step.valid() || !slices.Contains(questions, a.Question) {
			return impossible("answers", layout.Quote(a.Question, 40))
		}
	}
	for _, e := range s.Events {
		if e.At < 0 || !e.Step.valid() || e.From != "" && !e.From.valid() {
			return impossible("events", layout.Quote(string(e.Step), 40))
		}
	}
	return nil
}

// impossible says that a member of the state has a value that was never saved.
func impossible(member string, value any) error {
	return texts.Error("state.impossible", "member", member, "value", value)
}

// Store keeps a lesson between two runs, in files of a directory of its own.
type Store struct{ Dir string }

// StateFile is the file that says where the lesson stands.
func (s Store) StateFile() string { return filepath.Join(s.Dir, "guide.json") }

// PacketFile is the pcap file of the packets captured so far.
func (s Store) PacketFile() string { return filepath.Join(s.Dir, "guide.pcap") }

// Save writes the state so that the file is always whole: the old one or the
// new one (rename(2) is atomic).
func (s Store) Save(state *State) error {
	data, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.Dir, "guide-*.json.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), s.StateFile())
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// errNoState says that there is no lesson to go on with.
var errNoState = errors.New("no lesson was begun")

// Load reads the state. The error is errNoState if there is none.
func (s Store) Load(packets int) (*State, error) {
	data, err := os.ReadFile(s.StateFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoState
	}
	if err != nil {
		return nil, err
	}
	state := &State{}
	if err := json.Unmarshal(data, state); err != nil {
		return nil, &corruptError{s.StateFile(), err}
	}
	if err := state.valid(packets); err != nil {
		return nil, &corruptError{s.StateFile(), err}
	}
	return state, nil
}

// corruptError says that a file cannot be what was saved.
type corruptError struct {
	file string
	err  error
}

func (e *corruptError) Error() string { return e.file + ": " + e.err.Error() }
func (e *corruptError) Unwrap() error { return e.err }

// SetAside renames both files so that nothing is lost and a new lesson can
// begin. It gives the state file's new name.
func (s Store) SetAside(suffix string) (string, error) {
	for n := 1; ; n++ {
		end := "." + suffix
		if n > 1 {
			end += "-" + strconv.Itoa(n)
		}
		if exists(s.StateFile()+end) || exists(s.PacketFile()+end) {
			continue
		}
		for _, file := range []string{s.PacketFile(), s.StateFile()} {
			if err := os.Rename(file, file+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		return s.StateFile() + end, nil
	}
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
