package desk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"
)

const (
	maxWhole   = 2 << 30  // bytes of the whole capture
	maxOfSeat  = 64 << 20 // bytes of a seat's
	manifest   = ".chatlab-kept"
	lessonsDir = ".lessons"
)

// Keep is a folder of captures: those of the lesson, and those that students hand in.
// It writes nowhere else, overwrites nothing, and has a list of what it has written.
type Keep struct {
	root   *os.Root
	inside string // where the lesson's captures are, below the root
	whole  *capture
	temp   string // the root, if it is removed at the end

	listing sync.Mutex // guards list; a capture takes it that is being written
	list    io.WriteCloser

	mu   sync.Mutex // guards the next two, and is taken before a capture's
	all  []*capture // those that grow
	past int        // packets that are not in the others
}

// OpenKeep keeps captures in a folder, which is made if there is none. An empty name
// is a folder of its own that is removed at the end. now names the lesson's captures.
func OpenKeep(name string, now time.Time) (*Keep, error) {
	k := &Keep{}
	var err error
	if name == "" {
		if k.temp, err = os.MkdirTemp("", "chatlab-lesson-"); err != nil {
			return nil, err
		}
		name = k.temp
	} else if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, err
	}
	if k.root, err = os.OpenRoot(name); err != nil {
		return nil, err
	}
	if k.inside, err = newFolder(k.root, path.Join(lessonsDir, now.Format("2006-01-02-150405"))); err == nil {
		k.list, err = k.root.OpenFile(manifest, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	}
	if err != nil {
		k.root.Close()
		return nil, err
	}
	k.whole = k.capture("lesson.pcap", maxWhole)
	return k, nil
}

// newFolder makes a folder of that name, or of the next that is free: two lessons may
// begin in one second.
func newFolder(root *os.Root, name string) (made string, err error) {
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return "", err
	}
	for made, n := name, 2; ; made, n = fmt.Sprintf("%s-%d", name, n), n+1 {
		if err := root.Mkdir(made, 0o700); !errors.Is(err, fs.ErrExist) {
			return made, err
		}
	}
}

// Close writes what is not yet written. What is only for the lesson is removed.
func (k *Keep) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for _, c := range k.all {
		errs = append(errs, c.flush())
	}
	k.listing.Lock()
	defer k.listing.Unlock()
	errs = append(errs, k.list.Close(), k.root.Close())
	if k.temp != "" {
		errs = append(errs, os.RemoveAll(k.temp))
	}
	return errors.Join(errs...)
}

// Dropped is how many packets are not in the captures, as a disk or a limit did not
// allow it.
func (k *Keep) Dropped() (packets int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	packets = k.past
	for _, c := range k.all {
		packets += c.lost()
	}
	return packets
}

// create makes a new file, whose name is its place below the root.
func (k *Keep) create(name string) (*os.File, error) {
	f, err := k.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	k.listing.Lock()
	defer k.listing.Unlock()
	if _, err := fmt.Fprintln(k.list, name); err != nil {
		f.Close()
		k.root.Remove(name) // nobody would know whose it is
		return nil, err
	}
	return f, nil
}

// next makes the next file of a student, STUDENT/STUDENT-1.pcap and so on.
func (k *Keep) next(student, extension string) (f *os.File, name string, err error) {
	if err := k.root.MkdirAll(student, 0o700); err != nil {
		return nil, "", err
	}
	for n := 1; n < 1<<16; n++ {
		name = path.Join(student, fmt.Sprintf("%s-%d%s", student, n, extension))
		if _, err := k.root.Lstat(path.Join(student, fmt.Sprintf("%s-%d", student, n))); err == nil {
			continue
		}
		if f, err = k.create(name); !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
	return nil, "", fs.ErrExist
}

// remove removes a file that was not taken in the end.
func (k *Keep) remove(name string) { k.root.Remove(name) }
