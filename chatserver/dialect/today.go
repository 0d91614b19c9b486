package dialect

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"

	"chatlab/chatserver/chat"
)

// OfToday is the format with rooms and heartbeat.
type OfToday struct {
	prefix string // the first 12 hex digits of every client_id
}

// NewToday returns the format for a server that listens at addr. A client_id is
// 20 hex digits: its IPv4 address (127.0.0.1 if it is none), its port, a running
// number.
func NewToday(addr netip.AddrPort) *OfToday {
	ip := addr.Addr().Unmap()
	if !ip.Is4() || ip.IsUnspecified() {
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	id := ip.AsSlice()
	id = binary.BigEndian.AppendUint16(id, addr.Port())
	return &OfToday{prefix: hex.EncodeToString(id)}
}

// Serial returns the running number in a client_id, 0 if it is not one of this
// server's.
func (d *OfToday) Serial(clientID string) uint32 {
	digits, ok := strings.CutPrefix(strings.ToLower(clientID), d.prefix)
	if !ok || len(digits) != 8 {
		return 0
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

func (d *OfToday) appendID(b []byte, serial uint32) []byte {
	b = append(b, d.prefix...)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[serial>>shift&15])
	}
	return b
}

// Append implements Dialect. The list of members comes with the Welcome. The
// original escapes the name in a Login twice, so that a reader sees &lt;b&gt;; here
// it is escaped once, as everywhere.
func (d *OfToday) Append(b []byte, ev *chat.Event) []byte {
	switch ev.Kind {
	case chat.Login, chat.Welcome:
		b = append(b, `{"type":"login","client_id":"`...)
		b = d.appendID(b, ev.From.Serial)
		b = append(b, `","client_name":`...)
		b = appendName(b, ev.From.Name)
		b = append(b, `,"time":"`...)
		b = ev.At.AppendFormat(b, timeLayout)
		if ev.Kind == chat.Login {
			return append(b, `"}`...)
		}
		b = append(b, `","client_list":{`...)
		for i, p := range ev.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '"')
			b = d.appendID(b, p.Serial)
			b = append(b, `":`...)
			b = appendName(b, p.Name)
		}
		return append(b, "}}"...)
	case chat.Say:
		b = d.appendFrom(b, "say", ev.From)
		b = append(b, `,"to_client_id":"all","content":`...)
		b = appendContent(b, "", "", "", ev.Content)
		return appendTime(b, ev.At, timeLayout)
	case chat.Private:
		b = d.appendFrom(b, "say", ev.From)
		b = append(b, `,"to_client_id":"`...)
		b = d.appendID(b, ev.To.Serial)
		b = append(b, `","content":`...)
		b = appendContent(b, "<b>对你说: </b>", "", "", ev.Content) // "says to you"
		return appendTime(b, ev.At, timeLayout)
	case chat.Echo:
		b = d.appendFrom(b, "say", ev.From)
		b = append(b, `,"to_client_id":`...)
		if ev.To.Serial != 0 {
			b = append(b, '"')
			b = d.appendID(b, ev.To.Serial)
			b = append(b, '"')
		} else {
			b = appendName(b, ev.Target.ID)
		}
		b = append(b, `,"content":`...)
		// "You say to" and the name that the client gave, or else the member's.
		b = appendContent(b, "<b>你对", cmp.Or(ev.Target.Name, ev.To.Name), "说: </b>", ev.Content)
		return appendTime(b, ev.At, timeLayout)
	case chat.Refused:
		b = append(b, `{"type":"refused","why":`...)
		b = appendName(b, string(ev.Why))
		b = append(b, `,"to_client_id":`...)
		b = appendName(b, ev.Target.ID)
		b = append(b, `,"content":`...)
		b = appendContent(b, "", "", "", ev.Content)
		return appendTime(b, ev.At, timeLayout)
	case chat.Logout:
		b = d.appendFrom(b, "logout", ev.From)
		return appendTime(b, ev.At, timeLayout)
	}
	return b
}

// AppendPing implements Dialect.
func (*OfToday) AppendPing(b []byte) []byte { return append(b, `{"type":"ping"}`...) }

func (d *OfToday) appendFrom(b []byte, typ string, p chat.Person) []byte {
	b = append(b, `{"type":"`...)
	b = append(b, typ...)
	b = append(b, `","from_client_id":"`...)
	b = d.appendID(b, p.Serial)
	b = append(b, `","from_client_name":`...)
	return appendName(b, p.Name)
}
