package guide

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// hold makes the directory and keeps other guides out of it until it is released. The
// lock is the system's, and is gone with its process however that ends.
func (s Store) hold() (release func(), err error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, s.failed(err)
	}
	name := filepath.Join(s.Dir, "guide.lock")
	for tries := 100; ; tries-- {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, s.failed(err)
		}
		if errors.Is(lockFile(f), errLocked) {
			defer f.Close()
			pid, _ := io.ReadAll(io.LimitReader(f, 20))
			return nil, texts.Error("state.held", "dir", s.Dir, "pid", strings.TrimSpace(string(pid))).WithHint(texts.Message("hint.held"))
		}
		// Where there are no locks, as on some network file systems, two guides are
		// kept apart by their ports alone. Some tell no file by its number, either.
		if tries > 0 && !isFile(f, name) { // who had it before has just removed it
			f.Close()
			continue
		}
		if err := f.Truncate(0); err == nil {
			_, _ = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0) // on a full disk the first save says so
		}
		return func() { os.Remove(name); f.Close() }, nil
	}
}

func isFile(f *os.File, name string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(open, named)
}

var errLocked = errors.New("locked")

// failed says that the lesson cannot be kept where it was to be.
func (s Store) failed(err error) error {
	if err == nil {
		return nil
	}
	why := err
	var path *fs.PathError
	if errors.As(err, &path) {
		why = path.Err
	}
	return texts.Error("state.failed", "dir", s.Dir, "why", why).WithHint(texts.Message("hint.state"))
}
