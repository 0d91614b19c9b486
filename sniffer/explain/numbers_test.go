package explain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcpdump"
)

var (
	lineAck    = regexp.MustCompile(`(?m)^\d\d:.*, ack (\d+)`)
	commentAck = regexp.MustCompile(`ack (\d+)`)
	lineSeq    = regexp.MustCompile(`(?m)^\d\d:.*, seq \d+:(\d+)`)
	frameSeq   = regexp.MustCompile(`\tWebSocket .*, seq \d+:(\d+)`)
)

// Wherever a capture begins, and with absolute numbers too, the numbers in
// comments and frames are those in the segment's line.
func TestNumbersAreThoseOfTheLine(t *testing.T) {
	server := dissect.FrameHeader{Fin: true, Opcode: dissect.Text}
	two := string(dissect.AppendFrame(nil, server, []byte("one"))) + string(dissect.AppendFrame(nil, server, []byte("two")))
	n := uint32(len(two))
	fragments := []capture.Packet{
		segment(t, 50000, 7272, 100, 0, true, ""),
		segment(t, 7272, 50000, 201, 101, false, two),
		segment(t, 50000, 7272, 101, 201+n, false, ""),
		segment(t, 7272, 50000, 201+n, 101, false, two+two[:1]),
		segment(t, 7272, 50000, 201+2*n+1, 101, false, two[1:]),
	}
	for name, packets := range map[string][]capture.Packet{"documented": documented(t), "frames behind frames": fragments} {
		acks, seqs := 0, 0
		for from := range packets {
			for _, absolute := range []bool{false, true} {
				o := Options{Comments: true, WebSocket: true, Tcpdump: tcpdump.Options{Absolute: absolute}, Block: Block{Lang: catalogue.English}}
				for i, block := range strings.Split(printed(t, o, packets[from:]), "\n\n") {
					where := fmt.Sprintf("%s, begun at packet %d, absolute %v: packet %d", name, from+1, absolute, i+1)
					comment, _, _ := strings.Cut(block, "*/")
					if line := lineAck.FindStringSubmatch(block); line != nil {
						for _, m := range commentAck.FindAllStringSubmatch(comment, -1) {
							acks++
							if m[1] != line[1] {
								t.Errorf("%s: the comment says ack %s, the line %s", where, m[1], line[1])
							}
						}
					}
					for _, m := range frameSeq.FindAllStringSubmatch(block, -1) {
						seqs++
						line := lineSeq.FindStringSubmatch(block)
						if line == nil {
							t.Fatalf("%s: no data in\n%s", where, block)
						}
						// They end in the segment, and begin in it or in the one before.
						end, last := number(t, line[1]), number(t, m[1])
						if behind := end - last; behind >= n {
							t.Errorf("%s: a frame ends at %d, the segment at %d", where, last, end)
						}
					}
				}
			}
		}
		if acks+seqs < len(packets) {
			t.Errorf("%s: only %d numbers were compared", name, acks+seqs)
		}
	}
}

func number(t *testing.T, s string) uint32 {
	t.Helper()
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(n)
}
