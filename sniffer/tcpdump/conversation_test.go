package tcpdump

import (
	"math/rand/v2"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// TestRelativeNumbers tries when numbers become relative, and to what: captures
// begun late, connections on ports used before, sides with equal ports.
func TestRelativeNumbers(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(22, 23))
	ports, hosts := []int{7, 7272, 60653}, []string{client, server, "10.0.0.8"}
	hosts6 := []string{v6a, v6b, "::1"}
	var packets []capture.Packet
	for i := range 4000 {
		s := segment{
			src: ports[r.IntN(3)], dst: ports[r.IntN(3)], seq: r.IntN(100), ack: r.IntN(100), win: 5,
			flags:   []tcp.Flags{tcp.ACK, tcp.ACK, tcp.ACK | 8, tcp.SYN, tcp.SYN | tcp.ACK, tcp.FIN | tcp.ACK, tcp.RST, tcp.RST | tcp.ACK, 8, 0}[r.IntN(10)],
			payload: make([]byte, r.IntN(3)),
		}
		if r.IntN(3) == 0 {
			s.options = join([]byte{1, 1, 5, 10}, be32(r.IntN(200)), be32(r.IntN(200)))
		}
		from, to := r.IntN(3), r.IntN(3)
		ip := ip4(hosts[from], hosts[to], protoTCP, nil, s.bytes())
		if r.IntN(3) == 0 {
			ip = ip6(hosts6[from], hosts6[to], protoTCP, s.bytes())
		}
		packets = append(packets, packet(capture.Raw, i, ip))
	}
	for _, flags := range []string{"n#", "nS#", "nvv#", "nq#"} {
		compare(t, flags, packets)
	}
}

// TestConversationsAreForgotten: a map of two generations keeps what is used and
// never holds more than twice its bound.
func TestConversationsAreForgotten(t *testing.T) {
	g := generations[int]{bound: 100}
	first, known := g.find(0)
	if known {
		t.Error("known before it was seen")
	}
	for i := 1; i < 10_000; i++ {
		g.find(i)
		if i%50 == 0 {
			if again, known := g.find(0); !known || again != first {
				t.Fatalf("%d: forgotten, though in use", i)
			}
		}
		if n := len(g.newer) + len(g.older); n > 200 {
			t.Fatalf("%d conversations are kept", n)
		}
	}
	if _, known := g.find(1); known {
		t.Error("the oldest is still known")
	}
}
