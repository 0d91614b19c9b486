package main

import (
	"os"
	"testing"
)

// The stage of --exact asks the system for nothing: it plays where every socket, and
// all that the other stages need, is refused, as on systems that have nothing of it.
func TestExactWhereAllIsRefused(t *testing.T) {
	want, err := os.ReadFile("testdata/tcpdump-2014.txt")
	if err != nil {
		t.Fatal(err)
	}
	lab := built(t)
	for refused := range refusals {
		t.Run(refused, func(t *testing.T) {
			if out, err := where(refused, unprivileged(lab, "run", "--exact", "--plain")).Output(); err != nil || string(out) != string(want) {
				t.Errorf("%v, it prints\n%s", err, out)
			}
		})
	}
}
