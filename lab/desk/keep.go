package desk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	pcap "chatlab/sniffer/capture"
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

// Forget removes what a Keep has written in a folder, and the folders that are empty
// then. It gives the number of files.
func Forget(name string) (files int, err error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	list, err := root.Open(manifest)
	if err != nil {
		return 0, err
	}
	defer list.Close()
	folders := map[string]bool{}
	for lines := bufio.NewScanner(list); lines.Scan(); {
		file := lines.Text()
		if file == "" || !filepath.IsLocal(file) {
			continue
		}
		switch err := root.Remove(file); {
		case err == nil:
			files++
		case !errors.Is(err, fs.ErrNotExist):
			return files, err
		}
		folders[path.Dir(file)] = true
	}
	for folder := range folders {
		root.Remove(folder) // what else is in it stays, and it too
	}
	root.Remove(lessonsDir)
	list.Close()
	return files, root.Remove(manifest)
}

// capture is a capture file that grows. It is open only while it is written to: there
// may be one for each of hundreds of seats.
type capture struct {
	keep *Keep
	name string
	most int64

	mu      sync.Mutex
	w       *pcap.Writer // nil: not begun, or the disk has failed since
	made    bool         // the file is there
	headed  bool         // and has its header
	held    int          // packets that w has not written yet
	size    int64
	dropped int
	ended   bool
}

func (k *Keep) capture(name string, most int64) *capture {
	c := &capture{keep: k, name: path.Join(k.inside, name), most: most}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, c)
	return c
}

// forSeat gives the next capture of a seat, in a round.
func (k *Keep) forSeat(s *seat, round int) *capture {
	name := fmt.Sprintf("seat-%d-round-%d", s.number, round)
	if s.captures++; s.captures > 1 {
		name += fmt.Sprintf("-%d", s.captures)
	}
	return k.capture(name+".pcap", maxOfSeat)
}

// end has a capture grow no more: it takes no memory then. nil has none.
func (k *Keep) end(c *capture) {
	if c == nil {
		return
	}
	c.flush()
	c.mu.Lock()
	c.w, c.ended = nil, true
	lost := c.dropped
	c.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = slices.DeleteFunc(k.all, func(other *capture) bool { return other == c })
	k.past += lost
}

// Write appends to the file, all of b or nothing.
func (c *capture) Write(b []byte) (int, error) {
	if c.w == nil && c.headed {
		return len(b), nil // a second header
	}
	f, err := c.keep.root.OpenFile(c.name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	before, err := f.Stat()
	n := 0
	if err == nil {
		if n, err = f.Write(b); err != nil { // half a packet could not be read
			err = errors.Join(err, f.Truncate(before.Size()))
		} else {
			c.held = 0
		}
	}
	return n, errors.Join(err, f.Close())
}

// write adds a packet, if there is room.
func (c *capture) write(p *pcap.Packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return // what was on its way when it ended
	}
	if c.w == nil {
		c.begin(p.LinkType)
	}
	const record = 16 // bytes before each packet
	if c.w == nil || c.size+int64(len(p.Data))+record > c.most || c.w.Write(p) != nil {
		c.dropped++
		c.settle()
		return
	}
	c.held++
	c.size += int64(len(p.Data)) + record
}

// begin begins to write, or does so again where the disk has failed.
func (c *capture) begin(link pcap.LinkType) {
	if !c.made {
		f, err := c.keep.create(c.name)
		if err != nil {
			return
		}
		c.made = true
		f.Close()
	}
	w, err := pcap.NewWriter(c, pcap.FileHeader{LinkType: link, Nanoseconds: true})
	if err == nil {
		c.w, c.headed = w, true
	}
}

// settle writes what is held. Where that fails it is lost, and the next packet is tried
// anew: a disk that was full may have room again.
func (c *capture) settle() (err error) {
	if c.w == nil {
		return nil
	}
	if err = c.w.Flush(); err != nil {
		c.dropped += c.held
		c.w = nil
	}
	c.held = 0
	return err
}

func (c *capture) flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settle()
}

func (c *capture) lost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dropped
}

// open gives what has been captured so far, to read. Where that is nothing it is an
// fs.ErrNotExist.
func (c *capture) open() (*os.File, error) {
	if c == nil {
		return nil, fs.ErrNotExist
	}
	c.flush() // where the disk is full, what was written before is there
	return c.keep.root.Open(c.name)
}

// extensions are those of capture files, by what they begin with.
var extensions = []struct{ magic, extension string }{
	{"\xd4\xc3\xb2\xa1", ".pcap"}, {"\xa1\xb2\xc3\xd4", ".pcap"}, {"\x4d\x3c\xb2\xa1", ".pcap"}, {"\xa1\xb2\x3c\x4d", ".pcap"},
	{"\x0a\x0d\x0d\x0a", ".pcapng"}, {"\x1f\x8b", ".pcap.gz"}, {"\x28\xb5\x2f\xfd", ".pcap.zst"}, {"\x04\x22\x4d\x18", ".pcap.lz4"},
}

// extensionOf gives the extension for a file that begins so, or nothing where that is
// no capture.
func extensionOf(begin []byte) string {
	for _, e := range extensions {
		if strings.HasPrefix(string(begin), e.magic) {
			return e.extension
		}
	}
	return ""
}
