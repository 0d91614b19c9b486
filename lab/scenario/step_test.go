package scenario_test

import (
	"slices"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// The steps' packets are those that annotate finds, and their names tell what
// the packets are.
func TestStepsHaveTheirPackets(t *testing.T) {
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	var tracker dissect.Tracker
	var annotator annotate.Annotator
	var messages []chat.Message
	found := map[annotate.Step][]scenario.Number{}
	for i := range packets {
		var s dissect.Segment
		if err := s.Decode(&packets[i]); err != nil {
			t.Fatal(err)
		}
		e := tracker.Add(&s)
		comment := annotator.Add(e)
		for _, u := range e.Units {
			if m, ok := chat.Parse(u.Frame.Message); ok {
				messages = append(messages, m)
			}
		}
		n := scenario.Number(i + 1 - scenario.EarlierCount)
		if n < scenario.PacketSYN {
			continue
		}
		found[comment.Step] = append(found[comment.Step], n)
		if n > scenario.PacketHandshakeACK && comment.Ack != (n-1).Acknowledged() {
			t.Errorf("packet %d acknowledges the one before: %v", n, comment.Ack)
		}
	}
	count := 0
	for _, step := range scenario.Steps {
		if count += len(step.Packets); !slices.Equal(found[step.ID], step.Packets) {
			t.Errorf("%s: packets %v, want %v", step.ID, found[step.ID], step.Packets)
		}
	}
	if count != scenario.DocumentedCount || len(packets) != scenario.EarlierCount+count {
		t.Errorf("%d packets in the steps, %d in all", count, len(packets))
	}
	for i, want := range []chat.Message{
		0: {Type: chat.Login, Dialect: chat.V2014, Name: scenario.EarlierNick},
		5: {Type: chat.Login, Dialect: chat.V2014, Name: scenario.Nick},
		9: {Type: chat.Say, Dialect: chat.V2014, To: chat.Everybody, Content: scenario.Message},
	} {
		if got := messages[i]; want.Type != "" && (got.Type != want.Type || got.Name != want.Name || got.Content != want.Content) {
			t.Errorf("message %d is %+v, want %+v", i, got, want)
		}
	}
}
