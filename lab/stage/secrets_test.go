package stage

import (
	"math/rand/v2"
	"sync"
	"testing"
)

// A stack reads its secrets from several goroutines at once, whatever source it was
// given: the race detector finds what does not hold.
func TestSecretsAreReadAtOnce(t *testing.T) {
	chacha, err := OpenVirtual(Virtual{Start: clockStart, Secrets: rand.NewChaCha8([32]byte{})})
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenReenactment(Recording{
		Stacks:   []Seed{{Slower: 1}, {Port: 1, Slower: 1}},
		Segments: []Recorded{{Time: clockStart}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range append(again.(*severalStacks).all, openVirtual(t, nil), chacha.(*userspaceStage)) {
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for range 100 {
					rng := u.stack.SecureRNG()
					rng.Uint16()
				}
			})
		}
		readers.Wait()
	}
	chacha.Close()
	again.Close()
}
