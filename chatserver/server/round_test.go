package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"chatlab/chatserver/chat"
)

// Whoever is connected when a round ends is told so, and of all that they say none is
// heard by those who come afterwards, who find empty rooms. 50 do not stop talking
// meanwhile, and come back at once.
func TestClean(t *testing.T) {
	const talkers, rounds = 50, 3
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := New(Options{})
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, ln) }()

	var talking [rounds]sync.WaitGroup
	for i := range talking {
		talking[i].Add(talkers)
	}
	var all sync.WaitGroup
	ids := make(chan string, talkers*rounds)
	for range talkers {
		all.Go(func() {
			for round := range rounds {
				id, code, reason := talk(t, ln.Addr().String(), round, talking[round].Done)
				ids <- id
				if want := fmt.Sprint("the end of ", round); code != 1012 || reason != want {
					t.Errorf("round %d is closed with %d %q", round, code, reason)
				}
			}
		})
	}
	for round := range rounds {
		talking[round].Wait() // all are there, and talk
		before := srv.now()
		srv.Clean(fmt.Sprint("the end of ", round))
		if members, rooms, _ := before.hub.Size(); members+rooms+len(before.clients) > 0 {
			t.Errorf("round %d: %d members, %d rooms, %d connections are left", round, members, rooms, len(before.clients))
		}
	}
	all.Wait()
	close(ids)
	seen := make(map[string]bool)
	for id := range ids {
		if seen[id] {
			t.Errorf("two members have the id %s", id)
		}
		seen[id] = true
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// talk joins a round and talks until it is closed. joined is called when it is there. It
// gives its id, and with what it was closed.
func talk(t *testing.T, addr string, round int, joined func()) (id string, code int, reason string) {
	c := dial(t, addr)
	defer c.conn.Close()
	joined = sync.OnceFunc(joined)
	defer joined()
	c.say(`{"type":"login","client_name":"of %d","room_id":1}`, round)
	next := func() {
		c.conn.Write(mask(0x81, fmt.Sprintf(`{"type":"say","to_client_id":"all","content":"of %d"}`, round)))
	}
	for {
		first, payload, err := c.frame()
		switch {
		case err != nil:
			t.Errorf("round %d: %v", round, err)
			return id, 1006, ""
		case first == 0x88:
			return id, int(payload[0])<<8 | int(payload[1]), payload[2:]
		}
		for text := range strings.SplitSeq(payload, `"`) {
			var of int
			if n, _ := fmt.Sscanf(text, "of %d", &of); n == 1 && of != round {
				t.Errorf("round %d hears %s", round, payload)
			}
		}
		switch {
		case id == "" && strings.Contains(payload, "client_list"):
			id = payload[strings.Index(payload, `"client_id":"`)+13:][:20]
			joined()
			next()
		case strings.Contains(payload, `"from_client_id":"`+id+`"`):
			next()
		}
	}
}

// What is being said when a round ends is not heard in the next, nor is who says it
// there.
func TestCleanWhileSomebodySpeaks(t *testing.T) {
	speaking, goOn := make(chan struct{}), make(chan struct{})
	srv := New(Options{Refuse: func(netip.AddrPort, string) chat.Refusal {
		speaking <- struct{}{}
		<-goOn
		return chat.Granted
	}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, ln) }()
	a := login(t, ln.Addr().String(), "a")
	a.say(sayHi)
	<-speaking
	cleaned := make(chan struct{})
	go func() {
		srv.Clean("over")
		close(cleaned)
	}()
	if code, _ := a.closed(); code != 1012 {
		t.Errorf("closed with %d", code)
	}
	b := dial(t, ln.Addr().String())
	b.say(`{"type":"login","name":"b"}`)
	if list := b.hear(); strings.Contains(list, `"a"`) {
		t.Errorf("the next round begins with %s", list)
	}
	b.hear()
	goOn <- struct{}{}
	<-cleaned
	b.say(`{"type":"say","to_uid":"all","content":"mine"}`)
	<-speaking
	goOn <- struct{}{}
	saysContent(t, b, "mine")
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
