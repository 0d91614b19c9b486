package server

import (
	"os"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// TestMain fails if a goroutine of the project's is left when all tests are done.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := leaked(); code == 0 && left != "" {
		os.Stderr.WriteString("goroutines left behind:\n" + left)
		code = 1
	}
	os.Exit(code)
}

// leaked gives goroutines that are ending a while for it.
func leaked() (left string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var b strings.Builder
		pprof.Lookup("goroutine").WriteTo(&b, 2)
		left = ""
		for _, g := range strings.Split(b.String(), "\n\n") {
			if strings.Contains(g, "chatlab/") && !strings.Contains(g, ".leaked(") {
				left += g + "\n\n"
			}
		}
		if left == "" {
			break
		}
	}
	return left
}
