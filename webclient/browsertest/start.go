// Package browsertest starts a real browser for tests.
package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// errNone says that no browser is installed.
var errNone = errors.New("apt-get install chromium")

// Open starts Chromium, or Chrome, with more options than those of every test. stop ends
// it and removes what it has written.
func Open(more ...chromedp.ExecAllocatorOption) (ctx context.Context, stop func(), err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, nil, errNone
	}
	dir, err := os.MkdirTemp("", "chatlab-chromium-")
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(dir),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true))
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, stopContext := chromedp.NewContext(alloc)
	stop = func() {
		stopContext()
		stopAlloc()
		os.RemoveAll(dir)
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// Start is Open for one test, which is skipped where there is no browser.
func Start(t testing.TB, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	ctx, stop, err := Open(more...)
	if err != nil {
		t.Skipf("no browser to test with: %v", err)
	}
	t.Cleanup(stop)
	return ctx
}
