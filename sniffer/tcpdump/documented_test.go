package tcpdump

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/google/gopacket/pcapgo"

	"chatlab/sniffer/capture"
)

// documented reads the chat's capture of 2014 with the packets before it.
func documented(t testing.TB) []capture.Packet {
	t.Helper()
	f, err := os.ReadFile("testdata/documented.pcap")
	if err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewReader(bytes.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	var all []capture.Packet
	for {
		data, ci, err := r.ReadPacketData()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, capture.Packet{
			Time: ci.Timestamp, LinkType: capture.LinkType(r.LinkType()), Length: ci.Length, Data: data,
		})
	}
}

// everyFlag are the flags that the printer is compared with tcpdump under.
var everyFlag = []string{
	"n", "nt", "ntt", "nttt", "ntttt", "nttttt", "nS", "nA", "nAA", "nx", "nxx", "nX", "nXX", "nAX", "nxA",
	"ne", "nq", "nqq", "nqe", "nv", "nvv", "nvvv", "nvS", "nvK", "nvq", "nve", "nvX", "nveX", "nN", "nNttt", "nSeA",
}

func TestDocumentedCapture(t *testing.T) {
	needTcpdump(t)
	packets := documented(t)
	if len(packets) != 34 {
		t.Fatalf("%d packets", len(packets))
	}
	for _, flags := range everyFlag {
		compareFile(t, flags+"#", packets, "testdata/documented.pcap", 100)
		if got, want := printed(t, options(t, flags), packets), tcpdumps(t, "testdata/documented.pcap", flags); got != want {
			t.Errorf("-%s: differs", flags)
		}
	}
}
