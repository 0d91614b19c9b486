package dialect

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

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

// AppendList appends nothing: the list comes with the Welcome.
func (*OfToday) AppendList(b []byte, _ []chat.Person) []byte { return b }

// AppendLogin implements Dialect. The original escapes the name in it twice, so
// that a reader sees &lt;b&gt;; here it is escaped once, as everywhere.
func (d *OfToday) AppendLogin(b []byte, p chat.Person, at time.Time) []byte {
	b = d.appendLogin(b, p, at)
	return append(b, `"}`...)
}

// AppendWelcome implements Dialect.
func (d *OfToday) AppendWelcome(b []byte, p chat.Person, members []chat.Person, at time.Time) []byte {
	b = d.appendLogin(b, p, at)
	b = append(b, `","client_list":{`...)
	for i, p := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = d.appendID(b, p.Serial)
		b = append(b, `":`...)
		b = appendName(b, p.Name)
	}
	return append(b, "}}"...)
}

// appendLogin leaves the text of the time open.
func (d *OfToday) appendLogin(b []byte, p chat.Person, at time.Time) []byte {
	b = append(b, `{"type":"login","client_id":"`...)
	b = d.appendID(b, p.Serial)
	b = append(b, `","client_name":`...)
	b = appendName(b, p.Name)
	b = append(b, `,"time":"`...)
	return at.AppendFormat(b, timeLayout)
}

// AppendSay implements Dialect.
func (d *OfToday) AppendSay(b []byte, p chat.Person, content string, at time.Time) []byte {
	b = d.appendFrom(b, "say", p)
	b = append(b, `,"to_client_id":"all","content":`...)
	b = appendContent(b, "", "", "", content)
	return appendTime(b, at, timeLayout)
}

// AppendPrivate implements Dialect: the content begins with "says to you".
func (d *OfToday) AppendPrivate(b []byte, p, to chat.Person, content string, at time.Time) []byte {
	b = d.appendFrom(b, "say", p)
	b = append(b, `,"to_client_id":"`...)
	b = d.appendID(b, to.Serial)
	b = append(b, `","content":`...)
	b = appendContent(b, "<b>对你说: </b>", "", "", content)
	return appendTime(b, at, timeLayout)
}

// AppendEcho implements Dialect: the content begins with "you say to" and the
// name that the client gave, or else the one that the member has.
func (d *OfToday) AppendEcho(b []byte, p, to chat.Person, target chat.Target, content string, at time.Time) []byte {
	b = d.appendFrom(b, "say", p)
	b = append(b, `,"to_client_id":`...)
	if to.Serial != 0 {
		b = append(b, '"')
		b = d.appendID(b, to.Serial)
		b = append(b, '"')
	} else {
		b = appendName(b, target.ID)
	}
	name := target.Name
	if name == "" {
		name = to.Name
	}
	b = append(b, `,"content":`...)
	b = appendContent(b, "<b>你对", name, "说: </b>", content)
	return appendTime(b, at, timeLayout)
}

// AppendLogout implements Dialect.
func (d *OfToday) AppendLogout(b []byte, p chat.Person, at time.Time) []byte {
	b = d.appendFrom(b, "logout", p)
	return appendTime(b, at, timeLayout)
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
