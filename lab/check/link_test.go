package check

import (
	"testing"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/dissect/linktest"
)

// A capture is right whatever its interface put before the IP packets.
func TestEveryLinkLayer(t *testing.T) {
	for _, l := range linktest.Layers {
		packets, err := scenario.Packets(false)
		if err != nil {
			t.Fatal(err)
		}
		for i := range packets {
			p := &packets[i]
			var n dissect.Network
			if err := n.Decode(p); err != nil {
				t.Fatal(err)
			}
			p.LinkType, p.Data = l.Link, l.Packet(p.Data[n.Offset:])
			p.Length = len(p.Data)
		}
		if r := checked(packets, steps.Task{}); !r.OK() || len(r.Packets) != len(packets) {
			t.Errorf("%s: %s, %d packets of %d", l.Name, marks(r), len(r.Packets), len(packets))
		}
	}
}
