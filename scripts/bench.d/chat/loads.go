package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// load is one load on a server, and what is measured under it.
type load struct {
	measure  func(set *settings, server string, f figures) error
	oursOnly bool
	once     bool // not every round
}

var loadsByName = map[string]load{
	"full":    {measure: func(set *settings, s string, f figures) error { return flood(set, s, f, "full", 200, 8) }},
	"large":   {measure: func(set *settings, s string, f figures) error { return flood(set, s, f, "large", 1000, 4) }},
	"steady":  {measure: steady},
	"idle":    {measure: idle, once: true},
	"stopped": {measure: stopped, oursOnly: true},
}

const senders = 4

// startRoom starts a server and fills its room.
func startRoom(set *settings, server string, members int) (*process, *clients, error) {
	p, err := startServer(set, server)
	if err != nil {
		return nil, nil, err
	}
	cs, err := newClients()
	if err == nil {
		err = cs.join(p.addr, members)
	}
	if err != nil {
		p.stop()
		return nil, nil, err
	}
	return p, cs, nil
}

func sayFrame(content string) []byte {
	return masked([]byte(`{"type":"say","to_client_id":"all","to_client_name":"all","content":"` + content + `"}`))
}

// closedLoop is a load of which each sender has so many messages in flight, and sends
// the next when it receives one of its own.
type closedLoop struct {
	cs      *clients
	frame   []byte
	credits []int // messages that each sender may send now
	sent    int
	failed  error
}

func startLoop(cs *clients, inFlight int) *closedLoop {
	t := &closedLoop{cs: cs, frame: sayFrame("hi,  all !"), credits: make([]int, senders)}
	from := make([][]byte, senders)
	for i, c := range cs.all[:senders] {
		from[i] = []byte(`"from_client_id":"` + c.id + `"`)
		t.credits[i] = inFlight
	}
	cs.onSay = func(c *client, payload []byte) {
		for i, s := range cs.all[:senders] {
			if c == s && bytes.Contains(payload[:60], from[i]) {
				t.credits[i]++
			}
		}
	}
	return t
}

// send sends what may be sent now, each sender's messages with one write.
func (t *closedLoop) send() {
	for i, n := range t.credits {
		if n > 0 {
			t.credits[i] = 0
			t.sent += n
			if err := t.cs.all[i].write(bytes.Repeat(t.frame, n)); err != nil {
				t.failed = err
			}
		}
	}
}

// run sends and receives for a while.
func (t *closedLoop) run(d time.Duration) error {
	for end := time.Now().Add(d); time.Now().Before(end) && t.failed == nil; {
		t.send()
		if _, err := t.cs.wait(1000); err != nil {
			return err
		}
	}
	return t.failed
}

// finish waits until all members have received all that was sent, and returns how
// many have not.
func (t *closedLoop) finish() (lacking int, err error) {
	for deadline := time.Now().Add(20 * time.Second); ; {
		lacking = 0
		for _, c := range t.cs.all {
			if c.received != t.sent {
				lacking++
			}
		}
		if lacking == 0 || time.Now().After(deadline) {
			return lacking, nil
		}
		n, err := t.cs.wait(3000)
		if err != nil || n == 0 {
			return lacking, err
		}
	}
}

func (cs *clients) received() (n int) {
	for _, c := range cs.all {
		n += c.received
	}
	return n
}

// warmUp is how long a load goes on before it is measured.
const warmUp = 500 * time.Millisecond

func flood(set *settings, server string, f figures, name string, members, inFlight int) error {
	p, cs, err := startRoom(set, server, members)
	if err != nil {
		return err
	}
	defer p.stop()
	defer cs.close()
	t := startLoop(cs, inFlight)
	if err := t.run(warmUp); err != nil {
		return err
	}
	received, cpu, begin := cs.received(), p.cpu(), time.Now()
	if err := t.run(set.seconds); err != nil {
		return err
	}
	n, used, took := cs.received()-received, p.cpu()-cpu, time.Since(begin)
	lacking, err := t.finish()
	if err != nil {
		return err
	}
	f.add(name+"/rate", float64(n)/took.Seconds())
	f.add(name+"/cpu", float64(used.Nanoseconds())/float64(n))
	f.add(name+"/lacking", float64(lacking))
	return nil
}

// steady sends 400 messages a second to 200 members, and measures the latency of each
// delivery.
func steady(set *settings, server string, f figures) error {
	const members, perSecond = 200, 400
	p, cs, err := startRoom(set, server, members)
	if err != nil {
		return err
	}
	defer p.stop()
	defer cs.close()
	began := time.Now()
	var took []int64
	content := []byte(`"content":"`)
	cs.onSay = func(_ *client, payload []byte) {
		text := payload[bytes.Index(payload, content)+len(content):]
		sentAt, err := strconv.ParseInt(string(text[:12]), 10, 64)
		if err == nil {
			took = append(took, time.Since(began).Microseconds()-sentAt)
		}
	}
	sent := 0
	var received0 int
	var cpu0 time.Duration
	total := warmUp + set.seconds
	measuring := false
	for {
		now := time.Since(began)
		if now > total {
			break
		}
		if now > warmUp && !measuring {
			measuring = true
			took = took[:0]
			received0, cpu0 = cs.received(), p.cpu()
		}
		for due := int(now.Seconds() * perSecond); sent < due; sent++ {
			text := fmt.Sprintf("%012d", time.Since(began).Microseconds())
			if err := cs.all[sent%senders].write(sayFrame(text)); err != nil {
				return err
			}
		}
		if _, err := cs.wait(1); err != nil {
			return err
		}
	}
	n := cs.received() - received0
	if len(took) == 0 {
		return errors.New("nothing was received")
	}
	f.add("steady/rate", float64(n)/set.seconds.Seconds())
	slices.Sort(took)
	f.add("steady/p50", float64(took[len(took)/2]))
	f.add("steady/p99", float64(took[len(took)*99/100]))
	f.add("steady/cpu", float64((p.cpu()-cpu0).Nanoseconds())/float64(n))
	return nil
}

// idle connects many, and measures what the server grows by.
func idle(set *settings, server string, f figures) error {
	p, err := startServer(set, server)
	if err != nil {
		return err
	}
	defer p.stop()
	cs, err := newClients()
	if err != nil {
		return err
	}
	defer cs.close()
	before := p.rss()
	for range set.idle {
		if _, err := cs.connect(p.addr); err != nil {
			return err
		}
	}
	time.Sleep(2 * time.Second)
	f.add("idle/rss", float64(p.rss()-before)/float64(set.idle))
	return nil
}

// stopped stops one member of a room at full load from reading.
func stopped(set *settings, server string, f figures) error {
	const members = 200
	p, cs, err := startRoom(set, server, members)
	if err != nil {
		return err
	}
	defer p.stop()
	defer cs.close()
	t := startLoop(cs, 8)
	if err := t.run(2 * warmUp); err != nil {
		return err
	}
	rate := func(others int) (perMember, cpu float64, err error) {
		received, used, begin := cs.received(), p.cpu(), time.Now()
		err = t.run(set.seconds)
		n := float64(cs.received() - received)
		return n / time.Since(begin).Seconds() / float64(others), float64(p.cpu()-used) / n, err
	}
	before, cpuBefore, err := rate(members)
	if err != nil {
		return err
	}
	rss := p.rss()
	cs.unpoll(cs.all[members-1])
	// Its logout tells the room that it was closed.
	begin := time.Now()
	var closedAfter time.Duration
	watch := cs.all[members-2]
	cs.onLogout = func(c *client) {
		if c == watch && closedAfter == 0 {
			closedAfter = time.Since(begin)
		}
	}
	after, cpuAfter, err := rate(members - 1)
	if err != nil {
		return err
	}
	for end := time.Now().Add(20 * time.Second); closedAfter == 0 && time.Now().Before(end); {
		if err := t.run(100 * time.Millisecond); err != nil {
			return err
		}
	}
	if closedAfter == 0 {
		return errors.New("the member that does not read is not closed")
	}
	if err := t.run(3 * time.Second); err != nil {
		return err
	}
	f.add("stopped/before", before*members)
	f.add("stopped/after", after*members)
	f.add("stopped/loss", 100*(before-after)/before)
	f.add("stopped/cpu-before", cpuBefore)
	f.add("stopped/cpu-after", cpuAfter)
	f.add("stopped/closed", closedAfter.Seconds())
	f.add("stopped/rss", float64(p.rss()-rss)/1024)
	return nil
}
