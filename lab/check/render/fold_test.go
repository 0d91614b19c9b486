package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// idle is the report of a chat that was left alone for many heartbeats; the server sent
// one again, and then one came that the next to come was behind.
func idle(t *testing.T, beats int) *check.Report {
	t.Helper()
	s := checktest.New(t)
	c, _ := s.Play(checktest.Cast{Today: true})
	beat := func() {
		s.Pass(10 * time.Second)
		c.Say(dissect.Server, `{"type":"ping"}`)
		c.Say(dissect.Client, `{"type":"pong"}`)
	}
	for range beats {
		beat()
	}
	s.Pass(10 * time.Second)
	at := c.Seq[dissect.Server]
	c.Segment(dissect.Server, tcp.PSH|tcp.ACK, checktest.Frame(dissect.Server, `{"type":"ping"}`))
	c.Seq[dissect.Server] = at
	s.Pass(time.Second)
	c.Say(dissect.Server, `{"type":"ping"}`)
	c.Segment(dissect.Client, tcp.FIN|tcp.ACK, "")
	var all evidence.Capture
	for i := range s.Packets {
		all.Add(&s.Packets[i])
	}
	return check.Capture(&all, steps.Task{})
}

func TestHeartbeatsAreFolded(t *testing.T) {
	r := idle(t, 100)
	for lang, want := range map[catalogue.Lang]string{
		catalogue.English: "heartbeats: 401 packets in 1000 s",
		catalogue.French:  "signes de vie\u00a0: 401 paquets en 1000\u00a0s",
		catalogue.Chinese: "心跳：401 个数据包，历时 1000 秒",
	} {
		var text, page bytes.Buffer
		if err := Text(&text, "f.pcap", r, Options{Lang: lang, Columns: 80}); err != nil {
			t.Fatal(err)
		}
		if err := HTML(&page, []Checked{{File: "f.pcap", Report: r}}, lang); err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string]string{"text": text.String(), "page": page.String()} {
			if !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s in %s: no %q in\n%s", what, lang, want, got)
			}
			if !regexp.MustCompile(`\d+–\d+`).MatchString(got) {
				t.Errorf("%s in %s: no numbers of a fold", what, lang)
			}
		}
		// What is behind them is there, and so is the heartbeat that was sent again.
		for _, p := range r.Packets[len(r.Packets)-3:] {
			if !regexp.MustCompile(fmt.Sprintf(`(?m)^ +%d  `, p.Number)).MatchString(text.String()) {
				t.Errorf("%s: packet %d has no line of its own in\n%s", lang, p.Number, text.String())
			}
		}
	}
	var out bytes.Buffer
	if err := JSON(&out, "f.pcap", r, catalogue.English); err != nil {
		t.Fatal(err)
	}
	var j jsonReport
	if err := json.Unmarshal(out.Bytes(), &j); err != nil || len(j.Packets) != len(r.Packets) {
		t.Errorf("JSON has %d of %d packets: %v", len(j.Packets), len(r.Packets), err)
	}
}

// Of more lines than are listed it is told how many packets are in them.
func TestPacketsBehindTheLastLineAreCounted(t *testing.T) {
	r := idle(t, 1)
	one := r.Packets[0]
	beat := one
	beat.Heartbeat = true
	r.Packets = nil
	for range maxLines {
		r.Packets = append(r.Packets, one, beat, beat)
	}
	var text bytes.Buffer
	if err := Text(&text, "f.pcap", r, Options{Lang: catalogue.English, Columns: 80}); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("and %d packets more", 3*maxLines/2); !strings.Contains(text.String(), want) {
		t.Errorf("no %q in\n%s", want, text.String())
	}
}
