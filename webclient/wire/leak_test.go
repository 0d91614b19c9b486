package wire

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// No viewer's goroutine outlives the viewer.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if left := leaked(); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines left behind:\n%s", left)
			code = 1
		}
	}
	os.Exit(code)
}

func leaked() string {
	stacks := make([]byte, 1<<20)
	var left string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		left = ""
		for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if strings.Contains(stack, "wire.(*") {
				left += stack + "\n\n"
			}
		}
		if left == "" {
			break
		}
	}
	return left
}
