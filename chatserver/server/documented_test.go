package server

import (
	"fmt"
	"regexp"
	"testing"
	"time"
)

// The request that Firefox 31 sent, 715 bytes.
const documentedRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Ubuntu; Linux i686; rv:31.0) Gecko/20100101 Firefox/31.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Accept-Language: zh-cn,zh;q=0.8,en-us;q=0.5,en;q=0.3\r\nAccept-Encoding: gzip, deflate\r\n" +
	"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:55151\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n" +
	"Cookie: Hm_lvt_abcf9330bef79b4aba5b24fa373506d9=1402048017; Hm_lvt_5fedb3bdce89499492c079ab4a8a0323=1403063068,1403141761; " +
	"Hm_lvt_7b1919221e89d2aa5711e4deb935debd=1407836536; Hm_lpvt_7b1919221e89d2aa5711e4deb935debd=1407837000\r\n" +
	"Connection: keep-alive, Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUpgrade: websocket\r\n\r\n"

const documentedResponse = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
	"Connection: Upgrade\r\nSec-WebSocket-Accept: nSsCeIBUsFnDJCRb/BNlFzBUDpM=\r\n\r\n"

func TestDocumentedExchange(t *testing.T) {
	clk := &clock{}
	addr := serve(t, Options{Clock: clk.now})
	at := func(sec int64, msec int64) { clk.set(time.UnixMilli(sec*1000 + msec).In(shanghai)) }

	at(1407836541, 640)
	other := dial(t, addr)
	other.say(`{"type":"login","name":"猪猪"}`)
	other.want(`{"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"}]}`,
		`{"type":"login","uid":783654164,"name":"\u732a\u732a","time":"2014-08-12 17:42:21"}`)

	at(1407837000, 536)
	me := connect(t, addr)
	me.write([]byte(documentedRequest))
	me.readHead()
	if me.head != documentedResponse {
		t.Fatalf("answer %q", me.head)
	}

	at(1407837030, 653)
	me.say(`{"type":"login","name":"mynick"}`)
	login := `{"type":"login","uid":783700053,"name":"mynick","time":"2014-08-12 17:50:30"}`
	me.want(`{"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"},{"uid":783700053,"name":"mynick"}]}`, login)
	other.want(login)

	at(1407837062, 776)
	me.say(`{"type":"say","to_uid":"all","content":"hi,  all !"}`)
	say := `{"type":"say","from_uid":783700053,"to_uid":"all","content":"hi,  all !","time":"2014-08-12 :51:02"}`
	me.want(say)
	other.want(say)

	me.say(`{"type":"say","to_uid":783654164,"content":"psst"}`)
	other.want(`{"type":"say","from_uid":783700053,"to_uid":783654164,"content":"psst","time":"2014-08-12 :51:02"}`)

	at(1407837090, 0)
	me.conn.Close()
	other.want(`{"type":"logout","uid":783700053,"time":"2014-08-12 17:51:30"}`)
}

func TestTodaysExchange(t *testing.T) {
	clk := &clock{t: time.Date(2026, 11, 23, 10, 41, 58, 0, time.UTC)}
	addr := serve(t, Options{Clock: clk.now})
	id := func(n byte) string { return fmt.Sprintf("%08x", n) }
	alice := dial(t, addr)
	alice.say(`{"type":"login","client_name":"alice","room_id":1}`)
	first := alice.hear()
	prefix := first[len(`{"type":"login","client_id":"`):][:12]
	a, b := prefix+id(1), prefix+id(2)
	if want := `{"type":"login","client_id":"` + a + `","client_name":"alice","time":"2026-11-23 10:41:58","client_list":{"` + a + `":"alice"}}`; first != want {
		t.Fatalf("heard %s\n want %s", first, want)
	}

	bob := dial(t, addr)
	bob.write(mask(0x82, `{"type":"login","client_name":"<b>ob","room_id":"1"}`)) // binary will do
	alice.want(`{"type":"login","client_id":"` + b + `","client_name":"&lt;b&gt;ob","time":"2026-11-23 10:41:58"}`)
	bob.want(`{"type":"login","client_id":"` + b + `","client_name":"&lt;b&gt;ob","time":"2026-11-23 10:41:58","client_list":{"` + a + `":"alice","` + b + `":"&lt;b&gt;ob"}}`)

	alice.say(`{"type":"say","to_client_id":"all","to_client_name":"所有人","content":"line1\nline2 <script>alert(1)</script> \"q\" 'q' / é 猪 😀 \r\n end"}`)
	say := `{"type":"say","from_client_id":"` + a + `","from_client_name":"alice","to_client_id":"all","content":"line1<br \/>\nline2 &lt;script&gt;alert(1)&lt;\/script&gt; &quot;q&quot; &#039;q&#039; \/ \u00e9 \u732a \ud83d\ude00 <br \/>\r\n end","time":"2026-11-23 10:41:58"}`
	alice.want(say)
	bob.want(say)

	alice.say(`{"type":"say","to_client_id":"%s","to_client_name":"bob","content":"psst"}`, b)
	bob.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"alice","to_client_id":"` + b + `","content":"<b>\u5bf9\u4f60\u8bf4: <\/b>psst","time":"2026-11-23 10:41:58"}`)
	alice.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"alice","to_client_id":"` + b + `","content":"<b>\u4f60\u5bf9bob\u8bf4: <\/b>psst","time":"2026-11-23 10:41:58"}`)

	// An id that nobody has: the speaker's copy alone.
	alice.say(`{"type":"say","to_client_id":"nobody","to_client_name":"x","content":"y"}`)
	alice.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"alice","to_client_id":"nobody","content":"<b>\u4f60\u5bf9x\u8bf4: <\/b>y","time":"2026-11-23 10:41:58"}`)

	// To another room: the old one hears a logout, and the new one is all that
	// is heard from then on.
	bob.say(`{"type":"login","client_name":"bob","room_id":2}`)
	alice.want(`{"type":"logout","from_client_id":"` + b + `","from_client_name":"&lt;b&gt;ob","time":"2026-11-23 10:41:58"}`)
	bob.want(`{"type":"login","client_id":"` + b + `","client_name":"bob","time":"2026-11-23 10:41:58","client_list":{"` + b + `":"bob"}}`)
	alice.say(`{"type":"pong"}`)
	alice.say(`{"type":"say","to_client_id":"all","content":"alone"}`)
	alice.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"alice","to_client_id":"all","content":"alone","time":"2026-11-23 10:41:58"}`)
	alice.conn.Close()
	bob.say(`{"type":"say","to_client_id":"all","content":"me too"}`)
	bob.want(`{"type":"say","from_client_id":"` + b + `","from_client_name":"bob","to_client_id":"all","content":"me too","time":"2026-11-23 10:41:58"}`)
}

// Members of the two dialects in one room hear each other, each in its own.
func TestBothDialects(t *testing.T) {
	clk := &clock{t: time.UnixMilli(1407837000530).In(shanghai)}
	addr := serve(t, Options{Clock: clk.now})
	old := dial(t, addr)
	old.say(`{"type":"login","name":"old"}`)
	old.hear()
	old.hear()
	today := dial(t, addr)
	today.say(`{"type":"login","client_name":"new","room_id":1}`)
	old.want(`{"type":"login","uid":783700054,"name":"new","time":"2014-08-12 17:50:00"}`)
	welcome := today.hear()
	ids := regexp.MustCompile(`"([0-9a-f]{20})":`).FindAllStringSubmatch(welcome, -1)
	if len(ids) != 2 {
		t.Fatalf("heard %s", welcome)
	}
	a, b := ids[0][1], ids[1][1]
	if want := `{"type":"login","client_id":"` + b + `","client_name":"new","time":"2014-08-12 17:50:00","client_list":{"` + a + `":"old","` + b + `":"new"}}`; welcome != want {
		t.Fatalf("heard %s\n want %s", welcome, want)
	}
	old.say(`{"type":"say","to_uid":"all","content":"1"}`)
	old.want(`{"type":"say","from_uid":783700053,"to_uid":"all","content":"1","time":"2014-08-12 :50:00"}`)
	today.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"old","to_client_id":"all","content":"1","time":"2014-08-12 17:50:00"}`)
	today.say(`{"type":"say","to_client_id":"%s","content":"2"}`, a)
	old.want(`{"type":"say","from_uid":783700054,"to_uid":783700053,"content":"2","time":"2014-08-12 :50:00"}`)
	today.want(`{"type":"say","from_client_id":"` + b + `","from_client_name":"new","to_client_id":"` + a + `","content":"<b>\u4f60\u5bf9old\u8bf4: <\/b>2","time":"2014-08-12 17:50:00"}`)
	old.say(`{"type":"say","to_uid":783700054,"content":"3"}`)
	today.want(`{"type":"say","from_client_id":"` + a + `","from_client_name":"old","to_client_id":"` + b + `","content":"<b>\u5bf9\u4f60\u8bf4: <\/b>3","time":"2014-08-12 17:50:00"}`)
	today.conn.Close()
	old.want(`{"type":"logout","uid":783700054,"time":"2014-08-12 17:50:00"}`)
}
