package capture

import (
	"errors"
	"io"
	"iter"
	"net"
	"os"
)

// All gives a source's packets until its end, or until it is closed. Each is valid
// until the next one. What else ends them comes as an error, without a packet.
func All(source Source) iter.Seq2[*Packet, error] {
	return func(yield func(*Packet, error) bool) {
		var p Packet
		for {
			err := source.Read(&p)
			switch {
			case err == nil:
				if !yield(&p, nil) {
					return
				}
			case errors.Is(err, io.EOF), errors.Is(err, os.ErrClosed), errors.Is(err, net.ErrClosed):
				return
			default:
				yield(nil, err)
				return
			}
		}
	}
}
