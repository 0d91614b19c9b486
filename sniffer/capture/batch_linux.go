package capture

// batchBuffer is how much a live batch holds, unless one packet is larger.
const batchBuffer = 2 * blockSize

// ReadBatch waits for a packet and fills b with it and with what else there is.
// It copies the packets, so that the kernel has its memory back at once, however
// long the work on them takes. Errors are those of Read.
func (l *Live) ReadBatch(b *Batch) error {
	b.Packets = b.Packets[:0]
	if b.buf == nil {
		b.buf = make([]byte, batchBuffer)
	}
	p := b.grow()
	if err := l.Read(p); err != nil {
		b.drop()
		return err
	}
	if len(p.Data) > len(b.buf) {
		b.buf = make([]byte, len(p.Data))
	}
	used := 0
	for {
		n := copy(b.buf[used:], p.Data)
		p.Data = b.buf[used : used+n : used+n]
		used += n
		p = b.grow()
		if ok, err := l.read(p, false); !ok || err != nil {
			b.drop() // what is wrong is found again at the next call
			return nil
		}
		if len(p.Data) > len(b.buf)-used {
			l.kept = *p // its block stays ours
			b.drop()
			return nil
		}
	}
}
