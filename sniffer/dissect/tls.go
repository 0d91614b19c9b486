package dissect

import "encoding/binary"

// RecordType is what a TLS record carries (RFC 8446 §5.1).
type RecordType uint8

// The types of record.
const (
	ChangeCipherSpec RecordType = 20 + iota
	Alert
	TLSHandshake
	ApplicationData
)

// Record is a TLS record's header, and what of its content is not encrypted.
type Record struct {
	Type    RecordType
	Version uint16 // as the header has it: not always the one that is spoken
	Length  int    // of the content, in bytes
	Hello   *ClientHello
	Alert   uint8 // the description of an Alert that is not encrypted (RFC 8446 §6)
}

// ClientHello is the first that a TLS client sends (RFC 8446 §4.1.2), as far as it
// is in one segment.
type ClientHello struct {
	Name      string   // of the server that is wanted (RFC 6066 §3), if it is told
	Protocols []string // that are offered to be spoken inside (RFC 7301)
}

// Hello gives a client's ClientHello, if its first bytes captured are one.
func (c *Conversation) Hello() *ClientHello { return c.streams[Client].opening.hello }

// ReadRecord reads the TLS record at the start of b. ok is false where b does not
// begin with one.
func ReadRecord(b []byte) (r Record, ok bool) {
	const header, maxRecord = 5, 1<<14 + 256
	if len(b) < header {
		return Record{}, false
	}
	r = Record{Type: RecordType(b[0]), Version: binary.BigEndian.Uint16(b[1:]), Length: int(binary.BigEndian.Uint16(b[3:]))}
	if r.Type < ChangeCipherSpec || r.Type > ApplicationData || r.Version < 0x0300 || r.Version > 0x0304 || r.Length > maxRecord {
		return Record{}, false
	}
	content := b[header:min(len(b), header+r.Length)]
	switch {
	case r.Type == TLSHandshake && len(content) > 0 && content[0] == 1:
		r.Hello = readHello(content[1:])
	case r.Type == Alert && r.Length == 2 && len(content) == 2:
		r.Alert = content[1]
	}
	return r, true
}

// reader takes fields off a message that may be cut anywhere.
type reader []byte

func (r *reader) take(n int) []byte {
	n = min(n, len(*r))
	b := (*r)[:n]
	*r = (*r)[n:]
	return b
}

// number takes a number of size bytes, 0 if it is not whole.
func (r *reader) number(size int) (n int) {
	b := r.take(size)
	if len(b) < size {
		return 0
	}
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// vector takes what stands behind a length of size bytes.
func (r *reader) vector(size int) reader { return r.take(r.number(size)) }

func readHello(b []byte) *ClientHello {
	const name, protocols = 0, 16 // extensions
	var h ClientHello
	r := reader(b)
	r.take(3 + 2 + 32) // length, version, random
	r.vector(1)        // session
	r.vector(2)        // cipher suites
	r.vector(1)        // compression methods
	r.take(2)          // the extensions' length
	for len(r) > 0 {
		kind := r.number(2)
		body := r.vector(2)
		switch kind {
		case name:
			list := body.vector(2)
			if list.number(1) == 0 {
				h.Name = string(list.vector(2))
			}
		case protocols:
			for list := body.vector(2); len(list) > 0; {
				h.Protocols = append(h.Protocols, string(list.vector(1)))
			}
		}
	}
	return &h
}
