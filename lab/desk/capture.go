package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"sync"

	pcap "chatlab/sniffer/capture"
)

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
