package guide

import (
	"errors"
	"os"
	"reflect"
	"testing"
)

func TestStoreSavesAndLoads(t *testing.T) {
	store := Store{Dir: t.TempDir()}
	if _, err := store.Load(0); !errors.Is(err, errNoState) {
		t.Errorf("without a file: %v", err)
	}
	state := &State{Version: stateVersion, Step: Nickname, Cursor: 3, Begin: map[Step]int{Nickname: 1}, Scripted: []uint16{60584},
		Answers: []Answer{{Question: askStatus, Step: Nickname, At: 2, Given: []string{"101"}, Outcome: Right}}, Pending: Answer{At: -1, Hints: 1}}
	if err := store.Save(state); err != nil {
		t.Fatal(err)
	}
	got, err := store.Load(3)
	if err != nil || !reflect.DeepEqual(got, state) {
		t.Errorf("got %+v, %v", got, err)
	}
	if files, err := os.ReadDir(store.Dir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	var corrupt *corruptError
	if _, err := store.Load(2); !errors.As(err, &corrupt) {
		t.Errorf("more packets shown than there are: %v", err)
	}
}

// Whatever a state file holds, a lesson made of it does not panic.
func FuzzState(f *testing.F) {
	for _, seed := range []string{
		`{"version":1,"step":"nickname","cursor":20,"pending":{"at":-1}}`,
		`{"version":1,"step":"acks","cursor":34,"introduced":true,"pending":{"at":-1},"answers":[{"question":"status","step":"nickname","at":20}]}`,
		`{"version":1,"step":"message","begin":{"message":34},"pending":{"at":-1,"hints":-4},"stood_in":["x"]}`,
		`{"version":1,"step":"end","pending":{"at":7}}`, `{"version":1,"step":"end","introduced":true,"pending":{"at":-1}}`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		store := Store{Dir: t.TempDir()}
		if err := os.WriteFile(store.StateFile(), data, 0o600); err != nil {
			t.Fatal(err)
		}
		packets := documentedPackets(t)
		state, err := store.Load(len(packets))
		if err != nil {
			return
		}
		l := New(Options{Lang: "fr", ChatPort: 7272, PagePort: 55151, State: state, Packets: packets})
		l.Start()
		for _, line := range []string{"hint", "S.", "back", "skip", "reset", "status", "skip", "reset all"} {
			l.Line(line)
		}
	})
}
