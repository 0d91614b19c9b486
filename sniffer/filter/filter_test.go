package filter

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
)

func TestAgreesWithReference(t *testing.T) {
	for name, lt := range linkTypes {
		t.Run(name, func(t *testing.T) {
			packets := manyPackets(2, lt, 200)
			for _, e := range listed(t) {
				checkProgram(t, e, lt, packets)
			}
			g := generator{rand.New(rand.NewPCG(3, uint64(lt)))}
			for range 400 {
				checkProgram(t, g.expression(4), lt, packets)
			}
		})
	}
}

func TestErrorsPointAtTheWord(t *testing.T) {
	for _, c := range []struct{ expr, word, msg string }{
		{"port 7272x", "7272x", "neither a port’s number nor a known service"},
		{"prot tcp", "prot", "did you mean “proto”?"},
		{"tcp and prt 80", "prt", "did you mean “port”?"},
		{"port 80 and prt 80", "prt", "did you mean “port”?"},
		{"host", "", "a host’s name or address"},
		{"src port", "", "a port’s number or name"},
		{"tcp and and udp", "and", "expected a condition"},
		{"and tcp", "and", "expected a condition"},
		{"(port 80", "(", "never closed"},
		{"(tcp or (udp and port 53)", "(", "never closed"},
		{"port 80)", ")", "closes nothing"},
		{"tcp[13", "[", "never closed"},
		{"tcp[13] & 2", "", "a comparison"},
		{"tcp 80", "80", "expected port, src or dst between “tcp” and “80”"},
		{"ip proto tcp", "tcp", `\tcp`},
		{"10.0.0.1", "10.0.0.1", "host, net, src or dst"},
		{"tcp or 443", "443", "needs a word before it"},
		{"net 10/8", "/", "net 10.0.0.0/8"},
		{"net 10.0.0.1/8", "10.0.0.1", "bits set outside its mask"},
		{"net 10.0.0.0/40", "40", "32 bits at most"},
		{"host 10.0.0.0/8", "10.0.0.0", "write net 10.0.0.0/8"},
		{"host 10.0.0.256", "10.0.0.256", "up to 255"},
		{"port 70000", "70000", "greater than 65535"},
		{"port 80-90", "80-90", "write portrange 80-90"},
		{"tcp port domain or tftp", "tftp", "is a service of udp, not of tcp"},
		{"ip host ::1", "::1", "not with “ip”"},
		{"ether host 10.0.0.1", "10.0.0.1", "not with “ether”"},
		{"host 02:00:00:00:00:01", "02:00:00:00:00:01", "ether host"},
		{"udp[0:3] = 1", "3", "1, 2 or 4 bytes"},
		{"ip[0] / 0 = 1", "/", "divides by zero"},
		{"ip[0] << 32 = 1", "<<", "more than 31 bits"},
		{"port 099", "099", "octal"},
		{"port 4294967296", "4294967296", "32 bits"},
		{"vlan 4096", "4096", "greater than 4095"},
		{"geneve", "geneve", "not supported"},
		{"port 80;", ";", "no meaning"},
		{"host é", "é", "no meaning"},
		{"port 80 tcp", "tcp", "expected and, or or the end"},
		{"host nosuchhost", "nosuchhost", "no host"},
		{"tcp and udp", "tcp and udp", "can match no packet"},
		{strings.Repeat("(", 600) + "tcp", "(", "inside each other"},
		{strings.Repeat("not ", 600) + "tcp", "not", "inside each other"},
		{"ip" + strings.Repeat(" or ip", 30000), "", "longer than"},
	} {
		_, err := compileOffline(c.expr, capture.Ethernet)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.60q: %v, want an *Error", c.expr, err)
			continue
		}
		if e.Word != c.word || !strings.Contains(e.Error(), c.msg) || strings.ContainsRune(e.Error(), '\n') {
			t.Errorf("%.60q: the word is %q, the message %q; want %q and %q", c.expr, e.Word, e.Error(), c.word, c.msg)
		}
		if !strings.HasPrefix(c.expr[e.Offset:], e.Word) {
			t.Errorf("%.60q: the offset %d is not that of %q", c.expr, e.Offset, e.Word)
		}
	}
}

func TestPoint(t *testing.T) {
	_, err := compileOffline("host é and prt 80", capture.Ethernet)
	if got, want := err.(*Error).Point(), "host é and prt 80\n     ^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	_, err = compileOffline("tcp\tand prt 80", capture.Ethernet)
	if got, want := err.(*Error).Point(), "tcp and prt 80\n        ^^^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const expr = "host 猪 and prt" // a wide character takes two columns
	if got, want := (&Error{Expression: expr, Offset: len("host 猪 and "), Word: "prt"}).Point(), expr+"\n            ^^^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNames(t *testing.T) {
	same := map[string]string{
		"host both":           "host 10.0.0.1 or host 2001:db8::1",
		"ip6 host both":       "host 2001:db8::1",
		"port domain":         "port 53",
		"port http":           "tcp port 80",
		"portrange http-8080": "portrange 80-8080",
		"net loopback":        "net 127.0.0.0/8",
		"net classroom":       "net 192.168.1.0/24",
		"ip proto \\spider":   "ip proto 200",
		"ether host second":   "ether host 2:0:0:0:0:2",
		"ether proto \\arp":   "arp",
	}
	for a, b := range same {
		p, err := compileOffline(a, capture.Ethernet)
		q, err2 := compileOffline(b, capture.Ethernet)
		if err != nil || err2 != nil {
			t.Errorf("%q: %v; %q: %v", a, err, b, err2)
		} else if fmt.Sprint(p.Raw()) != fmt.Sprint(q.Raw()) {
			t.Errorf("%q is not %q", a, b)
		}
	}
	for _, e := range []string{"ether host third", "net nosuch", "proto \\nosuch"} {
		if _, err := compileOffline(e, capture.Ethernet); err == nil {
			t.Errorf("%q is taken", e)
		}
	}
}

// The lengths are those of tcpdump -d with libpcap 1.10.3, whose optimizer does
// more: one instruction over is allowed where it shows.
func TestProgramsAreSmall(t *testing.T) {
	for expr, most := range map[string]int{
		"": 1, "1 = 1": 1, "tcp": 12, "port 7272": 24, "tcp port 7272": 20, "host 10.0.0.1": 14, "host ::1": 20,
		"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0": 11, "ip or ip6 or arp": 6, "port 7272 or 80": 27 + 1,
		"net 10.0.0.0/8 and not port 22": 29, "vlan 7 and tcp": 19, "tcp portrange 8000-8080": 23 + 1,
		"(tcp or udp) and host 10.0.0.1 and not port 53": 22,
	} {
		p, err := compileOffline(expr, capture.Ethernet)
		if err != nil {
			t.Fatal(err)
		}
		raw := p.Raw()
		if len(raw) > most {
			t.Errorf("%q takes %d instructions, should take %d", expr, len(raw), most)
		}
		for _, r := range raw {
			if r.Op == ret && r.K != 0 && r.K != capture.MaxSnaplen {
				t.Errorf("%q returns %d, not the snaplen", expr, r.K)
			}
		}
	}
}

// manyTests makes n tests of different numbers, none of which can be left out.
func manyTests(n int) string {
	var b strings.Builder
	b.WriteString("icmp or (")
	for i := range n {
		fmt.Fprintf(&b, "ip[0] + %d >= %d and ", i+1, i)
	}
	return b.String() + "udp) or tcp"
}

func TestLongJumps(t *testing.T) {
	var b strings.Builder
	for i := range 600 {
		fmt.Fprintf(&b, "ip[%d] * %d + ip[%d] > 77 and ", i%20, i+2, i%17)
	}
	expr := "tcp or (" + b.String() + "udp) or icmp"
	p, err := compileOffline(expr, capture.Raw)
	if err != nil {
		t.Fatal(err)
	}
	far := 0
	for _, r := range p.Raw() {
		if r.Op == jump {
			far++
		}
	}
	// Rows of every length about the limit, so that some jump is just too long.
	packets := manyPackets(6, capture.Raw, 30)
	for n := 50; n < 150; n++ {
		checkProgram(t, manyTests(n), capture.Raw, packets)
	}
	if far == 0 {
		t.Error("no jump goes further than 255 instructions: the test tests nothing")
	}
	checkProgram(t, expr, capture.Raw, manyPackets(5, capture.Raw, 300))
	if _, err := kernelOffline(expr+" or ("+b.String()+"udp)", capture.Raw); !errors.Is(err, errUserSpace) {
		t.Errorf("the kernel is given too many instructions: %v", err)
	}
}

// The largest expressions must not take more memory than a small machine has;
// that they take no minutes, the test's time limit sees.
func TestLargestExpressions(t *testing.T) {
	upTo := func(n int, first string, more func(i int) string) string {
		var b strings.Builder
		b.WriteString(first)
		for i := 2; ; i++ {
			s := more(i)
			if b.Len()+len(s) > n {
				return b.String()
			}
			b.WriteString(s)
		}
	}
	const all = longestExpression
	for name, c := range map[string]struct {
		expr string
		ok   bool
	}{
		"ports": {upTo(all, "port 1", func(i int) string { return fmt.Sprint(" or ", i%65536) }), false},
		"hosts": {upTo(30000, "host 10.0.0.1", func(i int) string { return fmt.Sprintf(" or 10.%d.%d.1", i%250, i/250) }), true},
		"same":  {upTo(all, "ip", func(int) string { return " or ip" }), true},
		"sum":   {upTo(all, "1=ip[0]", func(int) string { return "+ip[0]" }), false},
		"vlan":  {upTo(all/2, "vlan", func(int) string { return " and vlan" }), true},
		"marks": {upTo(all, ":", func(int) string { return ":" }), false},
		"tests": {upTo(20000, "tcp", func(i int) string { return fmt.Sprintf(" or ip[%d]>%d and udp[%d]<3", i%1000, i, i%900) }), true},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := compileOffline(c.expr, capture.Ethernet)
		runtime.ReadMemStats(&after)
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 200 {
			t.Errorf("%s: %d MiB allocated", name, mib)
		}
		if (err == nil) != c.ok {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

func TestKernelLimits(t *testing.T) {
	for expr, ok := range map[string]bool{"port 80": true, "ether[0:2] = 1": true, "ether[6:4] = 1": false,
		"ether[ip[0]] = 1": false, "ip[-4:2] = 1": false, "inbound": true, "ifindex 1": true} {
		_, err := kernelOffline(expr, capture.LinuxSLL)
		if ok != (err == nil) {
			t.Errorf("%q: %v", expr, err)
		}
		if err != nil && !errors.Is(err, errUserSpace) {
			t.Errorf("%q: %v is not errUserSpace", expr, err)
		}
	}
}

func TestUnknownLinkType(t *testing.T) {
	if _, err := compileOffline("tcp", capture.PKTAP); err == nil || err.Error() != "packets of link-type PKTAP (Apple DLT_PKTAP) cannot be filtered; leave the expression out" {
		t.Error(err)
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	p, err := compileOffline("port 7272 and ip[0] + (ip[1] * ip[2]) > 3", capture.Raw)
	if err != nil {
		t.Fatal(err)
	}
	packets := manyPackets(1, capture.Raw, 50)
	if n := testing.AllocsPerRun(10, func() {
		for _, pkt := range packets {
			p.Match(pkt.data, pkt.length)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzCompile(f *testing.F) {
	for i, e := range listed(f) {
		f.Add(e, uint8(i), []byte(nil))
	}
	r := rand.New(rand.NewPCG(9, 9))
	for i := range 50 {
		f.Add(generator{r}.expression(3), uint8(i), onLink(r, capture.Ethernet))
	}
	types := slices.Sorted(maps.Values(linkTypes))
	fixed := map[capture.LinkType][]testPacket{}
	for _, lt := range types {
		fixed[lt] = manyPackets(4, lt, 20)
	}
	f.Fuzz(func(t *testing.T, e string, which uint8, packet []byte) {
		lt := types[int(which)%len(types)]
		checkProgram(t, e, lt, append([]testPacket{{packet, len(packet)}}, fixed[lt]...))
		if raw, err := kernelOffline(e, lt); err == nil && len(raw) > longestKernel {
			t.Fatalf("%d instructions for the kernel", len(raw))
		}
	})
}
