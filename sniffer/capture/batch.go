package capture

// A Batch holds packets together with the memory their Data points into, so
// that one goroutine can read while another one works on the batch before. The
// zero value is ready for use; using a batch again saves its memory.
type Batch struct {
	// Packets are valid until the batch is given to ReadBatch again.
	Packets []Packet

	buf []byte
}

// A BatchSource gives many packets at a time.
type BatchSource interface {
	Source
	// ReadBatch fills b with at least one packet, and with as many more as can be
	// had without waiting. It returns an error only with an empty batch; what
	// ended a batch is said by the next call.
	ReadBatch(b *Batch) error
}

// grow makes room for one more packet, whose fields may hold old values.
func (b *Batch) grow() *Packet {
	n := len(b.Packets)
	if n < cap(b.Packets) {
		b.Packets = b.Packets[:n+1]
	} else {
		b.Packets = append(b.Packets, Packet{})
	}
	return &b.Packets[n]
}

// drop takes the last packet away.
func (b *Batch) drop() { b.Packets = b.Packets[:len(b.Packets)-1] }

// ReadBatch fills b with the packets that are whole in the Reader's buffer,
// reading on first if there is none. It copies no packet: b gets the buffer,
// and gives its own for it. Errors are those of Read.
func (r *Reader) ReadBatch(b *Batch) error {
	b.Packets = b.Packets[:0]
	if err := r.Read(b.grow()); err != nil {
		b.drop()
		return err
	}
	r.nofill = true
	for {
		if err := r.Read(b.grow()); err != nil {
			b.drop()
			if r.starved {
				r.err = nil // no error: only the buffer is empty
			}
			break
		}
	}
	r.nofill, r.starved = false, false

	size := len(r.buf)
	if r.end == size {
		size = max(size, largeBuffer)
	}
	if len(b.buf) < size {
		b.buf = make([]byte, size)
	}
	n := copy(b.buf, r.buf[r.pos:r.end])
	r.buf, b.buf = b.buf, r.buf
	r.pos, r.end = 0, n
	return nil
}
