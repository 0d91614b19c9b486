package capture

import (
	"bufio"
	"compress/gzip"
	"io"
)

// gzipMagic begins each member (RFC 1952 §2.3.1).
const gzipMagic = "\x1f\x8b"

// A gunzip gives what the members of a gzip file hold, one behind the other
// (RFC 1952 §2.2). Behind the last it returns io.EOF, or ErrTrailing if there
// are bytes that begin no member. A file that is cut off gives what can be
// unpacked of it, then io.ErrUnexpectedEOF.
type gunzip struct {
	src *bufio.Reader
	z   *gzip.Reader
}

func newGunzip(r io.Reader) (io.Reader, error) {
	g := &gunzip{src: bufio.NewReader(r)}
	var err error
	if g.z, err = gzip.NewReader(g.src); err != nil {
		return nil, err
	}
	g.z.Multistream(false)
	return g, nil
}

func (g *gunzip) Read(b []byte) (int, error) {
	n, err := g.z.Read(b)
	if err == io.EOF {
		err = g.next()
	}
	return n, err
}

// next goes on to the next member.
func (g *gunzip) next() error {
	magic, err := g.src.Peek(2)
	switch {
	case len(magic) == 0:
		return err
	case string(magic) != gzipMagic:
		return ErrTrailing
	}
	if err := g.z.Reset(g.src); err == io.EOF {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	g.z.Multistream(false)
	return nil
}
