package capture

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// A Reader reads packets from a capture file: pcap or pcapng, compressed with
// gzip, zstd, LZ4 or not, told by content. It reads from its source only when no whole
// packet is left, and then as much as there is, so that a file is read in large
// pieces and a live pipe is heard at once.
type Reader struct {
	src     io.Reader
	packed  bool   // src unpacks
	buf     []byte // buf[pos:end] is read and not yet used
	pos     int
	end     int
	nofill  bool  // ReadBatch: take only what is in the buffer
	starved bool  // and that was not enough
	rerr    error // what src said last; io.EOF at its end
	err     error // what Read says from now on
	order   binary.ByteOrder

	header FileHeader
	pcap   pcapState
	ng     *pcapng // nil in a pcap file
}

// FileHeader is what a capture file says about all of its packets.
type FileHeader struct {
	// LinkType tells how each packet begins.
	LinkType LinkType
	// LinkTypeExt holds the upper six bits of a pcap file's link type field
	// (frame check sequence length, pcap-savefile(5)); usually 0.
	LinkTypeExt uint32
	// Snaplen is the number of bytes, at most, that were kept of a packet.
	// A Writer takes 0 as 262144, tcpdump's default.
	Snaplen int
	// Nanoseconds tells that time stamps are in nanoseconds, not microseconds.
	Nanoseconds bool
}

// MaxSnaplen is the largest snapshot length in use: tcpdump's default, and the
// largest packet that libpcap takes from a file for the link types of networks.
const MaxSnaplen = 262144

// The buffer begins small, for a live pipe gives little at a time, and becomes
// large once a read has filled it: many packets, and still small enough for a
// processor's cache when several batches are under way.
const (
	smallBuffer = 16 << 10
	largeBuffer = 128 << 10
)

// NewReader reads the file header and returns a Reader for the packets behind
// it. Errors have libpcap's words: *TruncatedError where r ends too early,
// ErrFormat where it is no capture file.
func NewReader(r io.Reader) (*Reader, error) { return NewBounded(r, math.MaxInt64) }

// NewBounded is NewReader for files of strangers: of a compressed one it unpacks so
// many bytes at most. Then it returns ErrUnpacked, behind what was whole before.
func NewBounded(r io.Reader, most int64) (*Reader, error) {
	rd := &Reader{src: r, buf: make([]byte, smallBuffer)}
	if err := rd.unpack(most); err != nil {
		return nil, err
	}
	if !rd.have(4) {
		return nil, rd.short("file header", 4, 0)
	}
	first := rd.buf[rd.pos : rd.pos+4]
	if order, kind := pcapMagic(first); kind != 0 {
		if err := rd.readPcapHeader(order, kind); err != nil {
			return nil, err
		}
		return rd, nil
	}
	if binary.LittleEndian.Uint32(first) == blockSection { // the same in both byte orders
		if err := rd.readSectionAndInterface(); err != nil {
			return nil, err
		}
		return rd, nil
	}
	return nil, foreign(rd.buf[rd.pos:rd.end])
}

// Mixed tells whether packets may be of other link types than the header's: a
// pcapng file has one for each of its interfaces.
func (r *Reader) Mixed() bool { return r.ng != nil }

// unpack puts a decompressor before the source if it begins like one's format.
func (r *Reader) unpack(most int64) error {
	r.have(4)
	p := packed(r.buf[:r.end])
	if p == nil {
		return nil
	}
	rest := r.src
	if r.rerr != nil {
		rest = failing{r.rerr}
	}
	z, err := p.unpack(io.MultiReader(bytes.NewReader(bytes.Clone(r.buf[:r.end])), rest))
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &TruncatedError{What: "file header", Want: 4, Packed: true}
	}
	if err != nil {
		return unreadable(err)
	}
	r.src, r.packed, r.pos, r.end, r.rerr = &bounded{z, most}, true, 0, 0, nil
	return nil
}

// failing is a source that has failed already.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Header returns what the file says about all of its packets.
func (r *Reader) Header() FileHeader { return r.header }

// LinkType returns the link type of the packets.
func (r *Reader) LinkType() LinkType { return r.header.LinkType }

// Snaplen returns the file's snapshot length in bytes.
func (r *Reader) Snaplen() int { return r.header.Snaplen }

// Nanoseconds reports whether the file's time stamps are in nanoseconds.
func (r *Reader) Nanoseconds() bool { return r.header.Nanoseconds }

// ByteOrder returns the byte order of the file's headers.
func (r *Reader) ByteOrder() binary.ByteOrder { return r.order }

// Read fills p with the next packet. It returns io.EOF after the last one, and
// a *TruncatedError if the file ends inside a packet. p.Data points into the
// Reader's buffer and is valid until the next Read. Read does not allocate.
func (r *Reader) Read(p *Packet) error {
	if r.err != nil {
		return r.err
	}
	var err error
	if r.ng == nil {
		err = r.readPcap(p)
	} else {
		err = r.readPcapng(p)
	}
	r.err = err
	return err
}

// have makes sure that n bytes are in the buffer from pos on and reports
// whether they are.
func (r *Reader) have(n int) bool {
	return r.end-r.pos >= n || r.fill(n)
}

// fill reads until n bytes are in the buffer, moving what is left to its front
// first. The buffer grows only as bytes really arrive, so that a length that is
// a lie costs no memory.
func (r *Reader) fill(n int) bool {
	if r.nofill {
		r.starved = true
		return false
	}
	into := r.buf
	if r.end == len(r.buf) && len(r.buf) < largeBuffer {
		into = make([]byte, largeBuffer)
	}
	r.end = copy(into, r.buf[r.pos:r.end])
	r.buf, r.pos = into, 0
	for empty := 0; r.end < n && r.rerr == nil; {
		if r.end == len(r.buf) {
			r.buf = append(r.buf, make([]byte, len(r.buf))...)
		}
		var m int
		m, r.rerr = r.src.Read(r.buf[r.end:])
		r.end += m
		if m > 0 {
			empty = 0
		} else if empty++; empty == 100 && r.rerr == nil {
			r.rerr = io.ErrNoProgress
		}
	}
	return r.end >= n
}

// short is the error for bytes that are not there: what the source said, or
// that the file was cut off. skip bytes of what is left belong to something
// that was whole.
func (r *Reader) short(what string, want, skip int) error {
	// A compressed file that is cut off says io.ErrUnexpectedEOF. Where what it
	// holds is cut off, that counts for more than what follows.
	cut := r.rerr == nil || r.rerr == io.EOF || r.rerr == io.ErrUnexpectedEOF || r.rerr == ErrTrailing && r.end > r.pos
	switch {
	case r.rerr == ErrUnpacked:
		return ErrUnpacked
	case !cut:
		return unreadable(r.rerr)
	}
	return &TruncatedError{What: what, Want: want, Got: max(r.end-r.pos-skip, 0), NG: r.ng != nil, Packed: r.packed}
}
