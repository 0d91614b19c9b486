package check

// finding is what one conversation shows of the steps.
type finding struct {
	steps [7]Step
	// units have the step that they carry and their number in the documented
	// capture.
	units   map[int]role
	dialect Dialect
	login   int               // the unit of the login, or -1
	say     int               // the unit of what was said, or -1
	own     int               // the unit of the login event that the newcomer heard, or -1
	ownSay  int               // the unit of the say that the newcomer heard, or -1
	id      string            // the newcomer's uid or client_id, as far as it is known
	nick    string            // that was really taken
	said    string            // that was really said
	private bool              // it was said to one person
	named   bool              // the nickname that is to be taken was
	members map[string]string // the names in the list, by uid or client_id
}

// role is what a unit is in the scenario.
type role struct {
	step       StepID
	documented int // the number of the packet that carries it
	wrong      bool
}

// complete is the score of a conversation that shows all steps.
const complete = 10 * 7

// score orders attempts: the more steps a conversation shows, the better.
func (f *finding) score() int {
	n := 0
	for i := range f.steps {
		switch f.steps[i].Status {
		case Found:
			n += 10
		case Different:
			n++
		}
	}
	return n
}

// rank orders conversations: one in which the nickname was taken comes before
// all others, then one with the message, then one where either was nearly right:
// one's own attempt rather than what somebody else did on the same machine. Where a capture
// was begun late another's conversation may show more steps.
func (f *finding) rank(o Options) int {
	n := f.score()
	switch {
	case f.named:
		n += 4 * complete
	case f.steps[5].Status == Found || f.steps[6].Status == Found:
		n += 2 * complete
	case near(o.Nick, f.nick) || near(o.Message, f.said):
		n += complete
	}
	return n
}
