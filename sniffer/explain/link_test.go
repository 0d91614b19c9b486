package explain

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/dissect/linktest"
)

// TestEveryLinkLayer: what is said of the documented chat does not depend on what
// carried it.
func TestEveryLinkLayer(t *testing.T) {
	objects := func(packets []capture.Packet) (all []map[string]any) {
		for line := range strings.Lines(printed(t, Options{Mode: JSON, Comments: true, Block: Block{Lang: catalogue.English}}, packets)) {
			o := map[string]any{}
			if err := json.Unmarshal([]byte(line), &o); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"link_type", "length", "captured"} {
				delete(o, key)
			}
			all = append(all, o)
		}
		return all
	}
	packets := documented(t)
	want, _ := json.Marshal(objects(packets))
	for _, l := range linktest.Layers {
		var on []capture.Packet
		for _, p := range packets {
			var n dissect.Network
			if err := n.Decode(&p); err != nil {
				t.Fatal(err)
			}
			p.LinkType, p.Data = l.Link, l.Packet(p.Data[n.Offset:])
			p.Length = len(p.Data)
			on = append(on, p)
		}
		if got, _ := json.Marshal(objects(on)); !bytes.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", l.Name, got, want)
		}
	}
}

// TestUnreadIsNamed: no output passes over what cannot be read.
func TestUnreadIsNamed(t *testing.T) {
	ip := append([]byte{0x45}, make([]byte, 60)...)
	for name, want := range map[string]struct{ comment, undecoded string }{
		"USB":                          {"link type 189 USB_LINUX are not read", "link type not understood: 189 USB_LINUX"},
		"802.11, encrypted":            {"encrypted", "an encrypted 802.11 frame"},
		"802.11 with an A-MSDU of two": {"A-MSDU", "an 802.11 frame with several packets"},
		"802.11, a beacon":             {"", "not IP"},
	} {
		for _, l := range linktest.Unread {
			if l.Name != name {
				continue
			}
			data := l.Packet(ip)
			packets := []capture.Packet{{LinkType: l.Link, Data: data, Length: len(data)}}
			o := Options{Comments: true, Block: Block{Lang: catalogue.English}}
			text := strings.Join(strings.Fields(printed(t, o, packets)), " ")
			if !strings.Contains(text, want.comment) || strings.Contains(text, "Not read") != (want.comment != "") {
				t.Errorf("%s: %s", name, text)
			}
			var object struct{ Undecoded string }
			o.Mode = JSON
			if err := json.Unmarshal([]byte(printed(t, o, packets)), &object); err != nil || object.Undecoded != want.undecoded {
				t.Errorf("%s: %+v, %v", name, object, err)
			}
			want := ""
			if l.Link == 189 {
				want = "[packets of link type 189 USB_LINUX are not read]\n"
			}
			if got := printed(t, Options{Mode: Follow}, append(packets, packets...)); got != want {
				t.Errorf("%s, followed: %q", name, got)
			}
		}
	}
}
