package dialect

import (
	"strconv"
	"time"

	"chatlab/chatserver/chat"
)

const (
	timeLayout = "2006-01-02 15:04:05"
	// In a say message the server of 2014 leaves the hour out (PHP's 'Y-m-d :i:s').
	sayLayout2014 = "2006-01-02 :04:05"
)

// August2014 is the format of the documented capture. It has one room and no
// heartbeat.
type August2014 struct{}

// AppendList implements Dialect.
func (August2014) AppendList(b []byte, members []chat.Person) []byte {
	b = append(b, `{"type":"user_list","user_list":[`...)
	for i, p := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"uid":`...)
		b = strconv.AppendInt(b, p.UID, 10)
		b = append(b, `,"name":`...)
		b = appendName(b, p.Name)
		b = append(b, '}')
	}
	return append(b, "]}"...)
}

// AppendLogin implements Dialect.
func (August2014) AppendLogin(b []byte, p chat.Person, at time.Time) []byte {
	b = append(b, `{"type":"login","uid":`...)
	b = strconv.AppendInt(b, p.UID, 10)
	b = append(b, `,"name":`...)
	b = appendName(b, p.Name)
	return appendTime(b, at, timeLayout)
}

// AppendWelcome appends nothing: a newcomer gets a List, and its own Login.
func (August2014) AppendWelcome(b []byte, _ chat.Person, _ []chat.Person, _ time.Time) []byte {
	return b
}

// AppendSay implements Dialect.
func (August2014) AppendSay(b []byte, p chat.Person, content string, at time.Time) []byte {
	b = append(b, `{"type":"say","from_uid":`...)
	b = strconv.AppendInt(b, p.UID, 10)
	b = append(b, `,"to_uid":"all","content":`...)
	b = appendContent(b, "", "", "", content)
	return appendTime(b, at, sayLayout2014)
}

// AppendPrivate implements Dialect.
func (August2014) AppendPrivate(b []byte, p, to chat.Person, content string, at time.Time) []byte {
	b = append(b, `{"type":"say","from_uid":`...)
	b = strconv.AppendInt(b, p.UID, 10)
	b = append(b, `,"to_uid":`...)
	b = strconv.AppendInt(b, to.UID, 10)
	b = append(b, `,"content":`...)
	b = appendContent(b, "", "", "", content)
	return appendTime(b, at, sayLayout2014)
}

// AppendEcho appends nothing: only the recipient gets a private message.
func (August2014) AppendEcho(b []byte, _, _ chat.Person, _ chat.Target, _ string, _ time.Time) []byte {
	return b
}

// AppendLogout implements Dialect.
func (August2014) AppendLogout(b []byte, p chat.Person, at time.Time) []byte {
	b = append(b, `{"type":"logout","uid":`...)
	b = strconv.AppendInt(b, p.UID, 10)
	return appendTime(b, at, timeLayout)
}

// AppendPing appends nothing: there is no heartbeat.
func (August2014) AppendPing(b []byte) []byte { return b }
