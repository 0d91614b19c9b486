// Package scenario holds the documented scenario of August 2014: one browser is
// in the chat already, a second one joins as mynick and says "hi,  all !". It is
// kept as data and given as packets, as what the two browsers do and as what is
// expected on the wire.
package scenario

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// The scenario's ports.
const (
	ServerPort   = chat.Port
	PagePort     = chat.PagePort
	EarlierPort  = 60584 // the browser that was there before
	NewcomerPort = 60653 // the browser of mynick
)

// What was typed.
const (
	EarlierNick = "猪猪"
	Nick        = "mynick"     // of the newcomer
	Message     = "hi,  all !" // with two spaces
)

// Zone is the time zone of the documented capture.
var Zone = time.FixedZone("UTC+8", 8*60*60)

// Segment is one TCP segment of the scenario, as fields.
type Segment struct {
	// Documented is true for the 19 packets on the documented page. The 15
	// before them are reconstructed: they were on the wire, but not on the page.
	Documented bool
	Time       time.Time
	From, To   uint16 // ports; both addresses are 127.0.0.1
	Flags      tcp.Flags
	Seq, Ack   uint32
	Window     uint16
	TSVal      uint32 // of the timestamp option (RFC 7323), 250 ticks a second
	TSEcr      uint32
	ID         uint16 // of the IPv4 header
	Payload    []byte
}

//go:embed packets.json
var packetsJSON []byte

// Documented gives the scenario's 34 segments in their order: 15 of the first
// browser, then the documented 19. The caller must not change them.
var Documented = sync.OnceValue(func() []Segment {
	segments, err := parse(packetsJSON)
	if err != nil {
		panic("scenario: embedded packets.json: " + err.Error())
	}
	return segments
})

// EarlierCount is the number of reconstructed segments before the documented ones.
const EarlierCount = 15

func parse(data []byte) ([]Segment, error) {
	var records []struct {
		Documented bool
		Time       string
		From, To   uint16
		Flags      string
		Seq, Ack   uint32
		Win        uint16
		TS         [2]uint32
		ID         uint16
		HTTP       string
		Mask       string
		Frame      string
	}
	if err := json.Unmarshal(data, &records); err != nil {
		return nil, err
	}
	flags := map[string]tcp.Flags{
		"S": tcp.SYN, "S.": tcp.SYN | tcp.ACK,
		".": tcp.ACK, "P.": tcp.PSH | tcp.ACK,
	}
	segments := make([]Segment, len(records))
	for i, r := range records {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", "2014-08-12 "+r.Time, Zone)
		if err != nil {
			return nil, err
		}
		s := Segment{
			Documented: r.Documented, Time: at, From: r.From, To: r.To,
			Flags: flags[r.Flags], Seq: r.Seq, Ack: r.Ack, Window: r.Win,
			TSVal: r.TS[0], TSEcr: r.TS[1], ID: r.ID,
		}
		switch {
		case s.Flags == 0:
			return nil, fmt.Errorf("packet %d: unknown flags %q", i+1, r.Flags)
		case r.HTTP != "":
			s.Payload = []byte(r.HTTP)
		case r.Frame != "":
			head := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: r.Mask != ""}
			if n, err := hex.Decode(head.Key[:], []byte(r.Mask)); err != nil || n%4 != 0 {
				return nil, fmt.Errorf("packet %d: bad mask %q", i+1, r.Mask)
			}
			s.Payload = dissect.AppendFrame(nil, head, []byte(r.Frame))
		}
		segments[i] = s
	}
	return segments, nil
}

// Concerns tells whether a segment between two ports belongs to the scenario.
func Concerns(a, b uint16) bool {
	if b != ServerPort {
		a, b = b, a
	}
	return b == ServerPort && (a == EarlierPort || a == NewcomerPort)
}
