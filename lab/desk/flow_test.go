package desk

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/class"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// However many connections somebody makes, and whether they end or not, those of others
// are still known.
func TestFloodOfConnections(t *testing.T) {
	for name, connect := range map[string]func(c *classroom, n *checktest.Conn, i int){
		"that end":  func(c *classroom, n *checktest.Conn, i int) { n.Open(); n.Segment(dissect.Client, tcp.RST, "") },
		"half open": func(c *classroom, n *checktest.Conn, i int) { n.Segment(dissect.Client, tcp.SYN, "") },
		"of a page": func(c *classroom, n *checktest.Conn, i int) {
			c.scene.Enter(n, checktest.Cast{Today: true})
			n.Say(dissect.Client, `{"type":"login","client_name":"flood","room_id":1}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClassroom(t, "zoe")
			zoe := class.Assign(secret, "zoe")
			n := c.page("192.0.2.7").open().choose("zoe").join(zoe.Nick)
			for i := range maxFlows + 100 {
				m := c.scene.Conn(uint16(1024 + i))
				connect(c, m, i)
				c.feed()
				c.scene.Packets, c.fed = c.scene.Packets[:0], 0
			}
			c.say(n, zoe.Nick, zoe.Message, nil)
			if r := c.row("zoe"); status(r) != "+++++++" || !r.Connected {
				t.Errorf("zoe: %s %+v", status(r), r)
			}
		})
	}
}

// Whoever comes and goes without end, and says much, takes little memory, and nobody is
// judged any the less for it.
func TestFloodOfLogins(t *testing.T) {
	c := newClassroom(t, "zoe")
	zoe := class.Assign(secret, "zoe")
	p := c.page("192.0.2.7").open().choose("zoe")
	n := p.join(zoe.Nick)
	for i := range 2 * maxEvidence {
		n.Say(dissect.Server, fmt.Sprintf(`{"type":"login","client_id":"7f00000108fc%08d","client_name":"flood %d","time":"2026-11-24 09:01:01"}`, i%7, i))
		c.feed()
		if c.scene.Packets, c.fed = c.scene.Packets[:0], 0; i%100 == 0 {
			c.Tick()
		}
	}
	c.say(n, zoe.Nick, zoe.Message, nil)
	if r := c.row("zoe"); status(r) != "+++++++" {
		t.Errorf("zoe: %s", status(r))
	}
}

// What somebody says without end is not kept to judge them by.
func TestFloodOfWords(t *testing.T) {
	c := newClassroom(t, "zoe")
	n := c.page("192.0.2.7").open().choose("zoe").join("zoe")
	long := strings.Repeat("x", 60<<10)
	memory := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := memory()
	for range 80 {
		n.Say(dissect.Client, `{"type":"say","to_client_id":"all","content":"`+long+`"}`)
		c.feed()
		c.scene.Packets, c.fed = c.scene.Packets[:0], 0
	}
	c.Tick()
	if grown := (int64(memory()) - int64(before)) >> 20; grown > 6 {
		t.Errorf("%d MiB are kept", grown)
	}
}
