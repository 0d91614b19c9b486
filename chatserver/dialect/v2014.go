package dialect

import (
	"strconv"

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

// Append implements Dialect. A newcomer gets a List and its own Login, and only the
// recipient gets a private message. A sender is not told of a message that is not
// delivered.
func (August2014) Append(b []byte, ev *chat.Event) []byte {
	switch ev.Kind {
	case chat.List:
		b = append(b, `{"type":"user_list","user_list":[`...)
		for i, p := range ev.Members {
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
	case chat.Login:
		b = append(b, `{"type":"login","uid":`...)
		b = strconv.AppendInt(b, ev.From.UID, 10)
		b = append(b, `,"name":`...)
		b = appendName(b, ev.From.Name)
		return appendTime(b, ev.At, timeLayout)
	case chat.Say, chat.Private:
		b = append(b, `{"type":"say","from_uid":`...)
		b = strconv.AppendInt(b, ev.From.UID, 10)
		if ev.Kind == chat.Say {
			b = append(b, `,"to_uid":"all"`...)
		} else {
			b = append(b, `,"to_uid":`...)
			b = strconv.AppendInt(b, ev.To.UID, 10)
		}
		b = append(b, `,"content":`...)
		b = appendContent(b, "", "", "", ev.Content)
		return appendTime(b, ev.At, sayLayout2014)
	case chat.Logout:
		b = append(b, `{"type":"logout","uid":`...)
		b = strconv.AppendInt(b, ev.From.UID, 10)
		return appendTime(b, ev.At, timeLayout)
	}
	return b
}

// AppendPing appends nothing: there is no heartbeat.
func (August2014) AppendPing(b []byte) []byte { return b }
