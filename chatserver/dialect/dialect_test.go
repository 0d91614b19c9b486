package dialect

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"chatlab/chatserver/chat"
)

var testAddr = netip.MustParseAddrPort("127.0.0.1:2300")

// everyMessage gives each message of d about me, the second of two members, and the
// other; m is the text and its recipient.
func everyMessage(d Dialect, other, me chat.Person, m Message, at time.Time) (all [][]byte) {
	members := []chat.Person{other, me}
	for _, ev := range []chat.Event{
		{Kind: chat.List}, {Kind: chat.Login}, {Kind: chat.Welcome}, {Kind: chat.Say}, {Kind: chat.Private, To: other},
		{Kind: chat.Echo, To: other}, {Kind: chat.Echo}, {Kind: chat.Logout}, {Kind: chat.Refused, Why: chat.Muted},
	} {
		ev.At, ev.From, ev.Members, ev.Target, ev.Content = at, me, members, m.To, m.Content
		all = append(all, d.Append(nil, &ev))
	}
	return append(all, d.AppendPing(nil))
}

func checkJSON(t *testing.T, b []byte) {
	t.Helper()
	if len(b) > 0 && !json.Valid(b) {
		t.Fatalf("not JSON: %q", b)
	}
	for _, c := range b {
		if c < ' ' || c >= 0x80 && c != 0x7f {
			t.Fatalf("not as PHP writes it: %q", b)
		}
	}
}

// All messages of both dialects, as they are documented.
func TestMessages(t *testing.T) {
	at := time.Date(2014, 8, 12, 17, 51, 2, 0, time.UTC)
	pig := chat.Person{UID: 783654164, Serial: 1, Name: "猪猪"}
	me := chat.Person{UID: 783700053, Serial: 2, Name: "<b>/'"}
	m := Message{Content: "a\n&", To: chat.Target{ID: "<nobody>", Name: "b&b"}}
	for _, c := range []struct {
		d    Dialect
		want []string
	}{
		{August2014{}, []string{
			`{"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"},{"uid":783700053,"name":"&lt;b&gt;\/&#039;"}]}`,
			`{"type":"login","uid":783700053,"name":"&lt;b&gt;\/&#039;","time":"2014-08-12 17:51:02"}`,
			``,
			`{"type":"say","from_uid":783700053,"to_uid":"all","content":"a<br \/>\n&amp;","time":"2014-08-12 :51:02"}`,
			`{"type":"say","from_uid":783700053,"to_uid":783654164,"content":"a<br \/>\n&amp;","time":"2014-08-12 :51:02"}`,
			``, ``,
			`{"type":"logout","uid":783700053,"time":"2014-08-12 17:51:02"}`,
			``, ``,
		}},
		{NewToday(testAddr), []string{
			``,
			`{"type":"login","client_id":"7f00000108fc00000002","client_name":"&lt;b&gt;\/&#039;","time":"2014-08-12 17:51:02"}`,
			`{"type":"login","client_id":"7f00000108fc00000002","client_name":"&lt;b&gt;\/&#039;","time":"2014-08-12 17:51:02","client_list":{"7f00000108fc00000001":"\u732a\u732a","7f00000108fc00000002":"&lt;b&gt;\/&#039;"}}`,
			`{"type":"say","from_client_id":"7f00000108fc00000002","from_client_name":"&lt;b&gt;\/&#039;","to_client_id":"all","content":"a<br \/>\n&amp;","time":"2014-08-12 17:51:02"}`,
			`{"type":"say","from_client_id":"7f00000108fc00000002","from_client_name":"&lt;b&gt;\/&#039;","to_client_id":"7f00000108fc00000001","content":"<b>\u5bf9\u4f60\u8bf4: <\/b>a<br \/>\n&amp;","time":"2014-08-12 17:51:02"}`,
			`{"type":"say","from_client_id":"7f00000108fc00000002","from_client_name":"&lt;b&gt;\/&#039;","to_client_id":"7f00000108fc00000001","content":"<b>\u4f60\u5bf9b&amp;b\u8bf4: <\/b>a<br \/>\n&amp;","time":"2014-08-12 17:51:02"}`,
			`{"type":"say","from_client_id":"7f00000108fc00000002","from_client_name":"&lt;b&gt;\/&#039;","to_client_id":"&lt;nobody&gt;","content":"<b>\u4f60\u5bf9b&amp;b\u8bf4: <\/b>a<br \/>\n&amp;","time":"2014-08-12 17:51:02"}`,
			`{"type":"logout","from_client_id":"7f00000108fc00000002","from_client_name":"&lt;b&gt;\/&#039;","time":"2014-08-12 17:51:02"}`,
			`{"type":"refused","why":"muted","to_client_id":"&lt;nobody&gt;","content":"a<br \/>\n&amp;","time":"2014-08-12 17:51:02"}`,
			`{"type":"ping"}`,
		}},
	} {
		got := everyMessage(c.d, pig, me, m, at)
		for i, want := range c.want {
			if string(got[i]) != want {
				t.Errorf("%T, message %d: %s\nwant %s", c.d, i, got[i], want)
			}
			checkJSON(t, got[i])
		}
	}
}

func TestClientIDs(t *testing.T) {
	for addr, prefix := range map[string]string{
		"127.0.0.1:2300": "7f00000108fc", "10.1.2.3:7272": "0a0102031c68", "[::]:7272": "7f0000011c68",
		"0.0.0.0:7272": "7f0000011c68", "[::ffff:10.1.2.3]:1": "0a0102030001",
	} {
		d := NewToday(netip.MustParseAddrPort(addr))
		id := string(d.appendID(nil, 0xfedc1234))
		if id != prefix+"fedc1234" {
			t.Errorf("%s: %s", addr, id)
		}
		if n := d.Serial(id); n != 0xfedc1234 {
			t.Errorf("%s is %x", id, n)
		}
		for _, no := range []string{"", "all", prefix, id + "0", id[:19], prefix + "+1234567", "ffffffffffff00000001"} {
			if n := d.Serial(no); n != 0 {
				t.Errorf("%q is %x", no, n)
			}
		}
	}
}
