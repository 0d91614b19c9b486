package capture

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
)

// ends gives three packets and then an error.
type ends struct {
	err error
	n   int
}

func (e *ends) Read(p *Packet) error {
	if e.n++; e.n > 3 {
		return e.err
	}
	p.Length = e.n
	return nil
}

func TestAll(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct{ end, want error }{
		{io.EOF, nil}, {fmt.Errorf("lo: %w", os.ErrClosed), nil}, {net.ErrClosed, nil}, {io.ErrUnexpectedEOF, io.ErrUnexpectedEOF}, {broken, broken},
	} {
		n, got := 0, error(nil)
		for p, err := range All(&ends{err: tt.end}) {
			if got = err; err == nil {
				if n++; p.Length != n {
					t.Errorf("packet %d is %d", n, p.Length)
				}
			}
		}
		if n != 3 || got != tt.want {
			t.Errorf("%v: %d packets, %v", tt.end, n, got)
		}
	}
	source := &ends{err: io.EOF}
	for range All(source) {
		break
	}
	if source.n != 1 {
		t.Errorf("%d packets were read for one", source.n)
	}
}
