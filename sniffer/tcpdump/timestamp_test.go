package tcpdump

import (
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// TestTimes tries times that go back, jump, and do not fit 31 bits.
func TestTimes(t *testing.T) {
	needTcpdump(t)
	try := func(times []time.Time, flags ...string) {
		t.Helper()
		var packets []capture.Packet
		for _, at := range times {
			p := packet(capture.Raw, 0, tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK}))
			p.Time = at
			packets = append(packets, p)
		}
		for _, f := range flags {
			compare(t, f, packets)
			compare(t, f+"N", packets)
		}
	}
	all := []string{"n#", "nt#", "ntt#", "nttt#", "ntttt#", "nttttt#"}
	try([]time.Time{
		time.Unix(1407837000, 1), time.Unix(1407837000, 999), time.Unix(1407837000, 1000), time.Unix(1407837000, 999999999),
		time.Unix(1407836999, 999999998), time.Unix(1407836999, 999998999), time.Unix(1507837000, 5), time.Unix(1407837000, 0),
	}, all...)
	try([]time.Time{time.Unix(0, 0), time.Unix(0, 0), time.Unix(5, 500), time.Unix(3, 0), time.Unix(90000, 7000)}, all...)
	try([]time.Time{time.Unix(0, 10), time.Unix(86400, 0), time.Unix(1<<31-1, 999999999), time.Unix(12, 0)}, all...)
	// Differences to times from 2038 on are left out: tcpdump takes those of a
	// pcap file for negative.
	try([]time.Time{time.Unix(1<<31, 0), time.Unix(1<<32-1, 7000), time.Unix(1, 0)}, "n#", "ntt#", "ntttt#")
}

// TestExcess tries fractions of a second that are none, as broken files have
// them.
func TestExcess(t *testing.T) {
	needTcpdump(t)
	var packets []capture.Packet
	for i, ns := range []int64{5, 1e9, 1e9 + 999, 1234567890, 2147483647, 3, -1, -1e9, -2147483648, 999999999} {
		p := packet(capture.Raw, 0, tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK}))
		at := time.Unix(1407837000+int64(i*i%7), ns)
		p.Excess = int(at.Unix() - 1407837000 - int64(i*i%7))
		p.Time = at
		packets = append(packets, p)
	}
	for _, flags := range []string{"n#", "ntt#", "nttt#", "ntttt#", "nttttt#"} {
		compare(t, flags, packets)
		compare(t, flags+"N", packets)
	}
}

// TestLengths tries lengths that a file can tell and that cannot be.
func TestLengths(t *testing.T) {
	needTcpdump(t)
	data := tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK})
	var packets []capture.Packet
	for _, length := range []int{0, 1, 19, 20, 39, 40, 41, 262144, 262145, 1 << 20} {
		for _, captured := range []int{0, 1, 40} {
			p := packet(capture.Raw, 0, data[:captured])
			p.Length = length
			packets = append(packets, p)
		}
	}
	for _, flags := range []string{"n#", "nv#", "nX#", "nttt#"} {
		compare(t, flags, packets)
	}
}

// TestZones prints local times where clocks change.
func TestZones(t *testing.T) {
	needTcpdump(t)
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip("no time zones: apt-get install tzdata")
	}
	data := tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK})
	var packets []capture.Packet
	for i := range 8 {
		p := packet(capture.Raw, 0, data)
		p.Time = time.Date(2024, 10, 27, 0, 59, 58, 0, time.UTC).Add(time.Duration(i) * time.Second)
		packets = append(packets, p)
	}
	file := writePcap(t, packets)
	for _, flags := range []string{"n", "ntttt"} {
		o := options(t, flags)
		o.Location = zone
		if got, want := printed(t, o, packets), tcpdumpsIn(t, "Europe/Paris", file, flags); got != want {
			t.Errorf("-%s: got\n%s\nwant\n%s", flags, got, want)
		}
	}
}
