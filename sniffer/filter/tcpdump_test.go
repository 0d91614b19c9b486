package filter

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
)

var linkTypes = map[string]capture.LinkType{
	"Null": capture.Null, "Ethernet": capture.Ethernet, "Raw": capture.Raw, "Loop": capture.Loop,
	"LinuxSLL": capture.LinuxSLL, "IPv4": capture.IPv4, "IPv6": capture.IPv6, "LinuxSLL2": capture.LinuxSLL2,
	"PPP": capture.PPP, "PPPSerial": capture.PPPSerial, "PPPEther": capture.PPPEther,
	"IEEE80211": capture.IEEE80211, "Radiotap": capture.Radiotap, "Prism": capture.Prism, "AVS": capture.AVS,
}

// tcpdump filters files; where it is missing its tests are skipped.
type tcpdump struct {
	path, file string
	lt         capture.LinkType
	packets    []testPacket
}

func newTcpdump(t *testing.T, lt capture.LinkType, packets []testPacket) *tcpdump {
	t.Helper()
	path, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("compares with tcpdump: install it (apt-get install tcpdump) and see that it is in PATH")
	}
	file := filepath.Join(t.TempDir(), "in.pcap")
	if err := os.WriteFile(file, pcapOf(lt, packets), 0o644); err != nil {
		t.Fatal(err)
	}
	return &tcpdump{path, file, lt, packets}
}

// matches gives the numbers of the packets that pass, or tcpdump's complaint.
func (d *tcpdump) matches(expr string, flags ...string) (nums []int, complaint string) {
	var out, errs bytes.Buffer
	c := exec.Command(d.path, append(flags, "-r", d.file, "-w", "-", "--", expr)...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
		return nil, lines[len(lines)-1]
	}
	b := out.Bytes()
	for b = b[24:]; len(b) >= 16; {
		nums = append(nums, int(binary.LittleEndian.Uint32(b)))
		b = b[16+binary.LittleEndian.Uint32(b[8:]):]
	}
	return nums, ""
}

// variable tells whether the link layer's header has no fixed length. libpcap
// does not optimize programs for it: what it makes of packets that are cut off
// depends on the order of its tests.
func (d *tcpdump) variable() bool {
	return slices.Contains([]capture.LinkType{capture.IEEE80211, capture.Radiotap, capture.Prism, capture.AVS}, d.lt)
}

var timesZero = regexp.MustCompile(`[&*] ?0\b`)

const nothing = "tcpdump: expression rejects all packets"

// agree reports a difference between tcpdump and Compile on all the packets.
// Both may find out that nothing can match, but need not find it out for the
// same expressions. libpcap's optimizer changes the order of tests, and with it
// which packets are cut off too early: where tcpdump and tcpdump -O disagree,
// either answer is right.
func (d *tcpdump) agree(t *testing.T, expr string) (matched int, rejected bool) {
	t.Helper()
	want, complaint := d.matches(expr)
	p, err := compileOffline(expr, d.lt)
	if complaint == nothing || err != nil && strings.Contains(err.Error(), "can match no packet") {
		if err == nil || complaint == "" {
			complaint, err = "", nil
		}
	}
	if (err != nil) != (complaint != "") {
		t.Errorf("%q: tcpdump says %q, Compile says %v", expr, complaint, err)
		return 0, true
	}
	if err != nil {
		return 0, true
	}
	var got []int
	for i, pkt := range d.packets {
		if p != nil && p.Match(pkt.data, pkt.length) {
			got = append(got, i)
		}
	}
	if slices.Equal(got, want) {
		return len(want), false
	}
	slow, _ := d.matches(expr, "-O")
	for i, pkt := range d.packets {
		g, w, s := slices.Contains(got, i), slices.Contains(want, i), slices.Contains(slow, i)
		if w == s && g != w && (len(pkt.data) == pkt.length || !d.variable()) {
			t.Errorf("%q: %d packets pass, with tcpdump %d; the first that differs is %d (tcpdump: %v), %d of %d bytes: %x",
				expr, len(got), len(want), i, w, len(pkt.data), pkt.length, pkt.data)
			break
		}
	}
	return len(want), false
}

// thorough, from the environment, multiplies the random expressions and holds
// every listed one against every link type. Starting tcpdump takes its time.
var thorough, _ = strconv.Atoi(os.Getenv("CHATLAB_FILTER_THOROUGH"))

func listed(t testing.TB) []string {
	b, err := os.ReadFile("testdata/expressions.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func TestAgreesWithTcpdump(t *testing.T) {
	lines := listed(t)
	heldAgainst(t, 300, func(r *rand.Rand, lt capture.LinkType) []string {
		if lt == capture.Ethernet || thorough > 0 {
			return lines
		}
		var out []string
		for i := r.IntN(8); i < len(lines); i += 8 {
			out = append(out, lines[i])
		}
		return out
	})
}

func TestAgreesWithTcpdumpAtRandom(t *testing.T) {
	heldAgainst(t, 300, func(r *rand.Rand, _ capture.LinkType) []string {
		g := generator{r}
		var out []string
		for range 20 * max(1, thorough) {
			e := g.expression(2)
			if g.IntN(8) == 0 {
				e = g.damaged(e)
			}
			out = append(out, e)
		}
		return out
	})
}

// heldAgainst compares with tcpdump for every link type.
func heldAgainst(t *testing.T, packets int, expressions func(*rand.Rand, capture.LinkType) []string) {
	seed := uint64(max(1, thorough))
	for name, lt := range linkTypes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newTcpdump(t, lt, manyPackets(seed, lt, packets))
			some, none := 0, 0
			exprs := expressions(rand.New(rand.NewPCG(seed, uint64(lt))), lt)
			for _, e := range exprs {
				if d.variable() {
					if timesZero.MatchString(e) {
						continue // libpcap does not optimize these programs
					}
					// It keeps the header's length in a word of scratch memory that a number
					// before its first use may have been given, too.
					e = "(ip or not ip) and (" + e + ")"
				}
				n, rejected := d.agree(t, e)
				if rejected {
					none++
				} else if n > 0 && n < packets {
					some++
				}
			}
			t.Logf("%d expressions: %d refused by both, %d let some of %d packets pass", len(exprs), none, some, packets)
			if some <= len(exprs)/20 {
				t.Errorf("only %d of %d expressions tell packets apart: the test compares too little", some, len(exprs))
			}
		})
	}
}
