package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcpdump"
)

var update = flag.Bool("update", false, "write the golden files")

// documented gives the packets of the documented chat, with those before them.
func documented(t testing.TB) []capture.Packet {
	t.Helper()
	f, err := os.Open("../tcpdump/testdata/documented.pcap")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []capture.Packet
	for {
		var p capture.Packet
		if err := r.Read(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.Data = bytes.Clone(p.Data)
		all = append(all, p)
	}
}

func printed(t testing.TB, o Options, packets []capture.Packet) string {
	t.Helper()
	o.Tcpdump.Location = time.FixedZone("", 8*60*60)
	o.Tcpdump.Numeric = 1
	o.Block.Columns = 80
	var out strings.Builder
	p := New(&out, o)
	for i := range packets {
		if err := p.Print(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestModes(t *testing.T) {
	packets := documented(t)
	for name, o := range map[string]Options{
		"annotate":  {Comments: true, Tcpdump: tcpdump.Options{ASCII: 1}, Block: Block{Lang: catalogue.French}},
		"websocket": {WebSocket: true},
		"json":      {Mode: JSON, Comments: true, Block: Block{Lang: catalogue.Chinese}},
		"follow":    {Mode: Follow, Conversation: 1},
	} {
		got := printed(t, o, packets)
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

func TestJSONIsOneObjectALine(t *testing.T) {
	packets := documented(t)
	lines := strings.Split(strings.TrimSuffix(printed(t, Options{Mode: JSON}, packets), "\n"), "\n")
	if len(lines) != len(packets) {
		t.Fatalf("%d lines for %d packets", len(lines), len(packets))
	}
	for _, line := range lines {
		var o object
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&o); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// segment makes a packet between two ports.
func segment(t testing.TB, from, to uint16, seq, ack uint32, syn bool, payload string) capture.Packet {
	t.Helper()
	loopback := net.IPv4(127, 0, 0, 1)
	buffer := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true},
		&layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: loopback, DstIP: loopback},
		&layers.TCP{SrcPort: layers.TCPPort(from), DstPort: layers.TCPPort(to), Seq: seq, Ack: ack, SYN: syn, ACK: !syn},
		gopacket.Payload(payload))
	if err != nil {
		t.Fatal(err)
	}
	return capture.Packet{Time: time.Unix(1407837000, 0), LinkType: capture.Raw, Length: len(buffer.Bytes()), Data: buffer.Bytes()}
}

// Frames across segments, several in one, in parts, and a close code.
func TestFramesAcrossSegments(t *testing.T) {
	server := dissect.FrameHeader{Fin: true, Opcode: dissect.Text}
	first := dissect.AppendFrame(nil, server, []byte("in two segments"))
	rest := string(dissect.AppendFrame(nil, dissect.FrameHeader{Opcode: dissect.Text}, []byte("in two "))) +
		string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true}, []byte("frames"))) +
		string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Close}, []byte("\x03\xf5try later")))
	head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
	n := uint32(len(head))
	packets := []capture.Packet{
		segment(t, 50000, 7272, 100, 0, true, ""),
		segment(t, 7272, 50000, 200, 101, false, ""),
		segment(t, 7272, 50000, 201, 101, false, head+string(first[:4])),
		segment(t, 7272, 50000, 201+n+4, 101, false, string(first[4:])+rest),
	}
	got := printed(t, Options{WebSocket: true}, packets)
	want := "\tWebSocket FIN text, length 15, seq 57:74\n\t  payload:  in two segments\n" +
		"\tWebSocket text, length 7, seq 74:83\n\t  payload:  in two \n" +
		"\tWebSocket FIN continuation, length 6, seq 83:91\n\t  payload:  frames\n\t  message:  in two frames\n" +
		"\tWebSocket FIN close, length 11, seq 91:104, code 1013 try later\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", got, want)
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrorEndsIt(t *testing.T) {
	packets := documented(t)
	p := New(full{}, Options{Mode: JSON, Tcpdump: tcpdump.Options{LineBuffered: true}})
	if err := p.Print(&packets[0]); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	if err := p.Print(&packets[1]); !errors.Is(err, errFull) {
		t.Errorf("after it: %v", err)
	}
}

func FuzzPrint(f *testing.F) {
	for _, p := range documented(f)[:8] {
		f.Add(uint32(p.LinkType), p.Data)
	}
	f.Fuzz(func(t *testing.T, link uint32, data []byte) {
		p := capture.Packet{LinkType: capture.LinkType(link), Length: len(data), Data: data}
		for _, mode := range []Mode{Text, JSON, Follow} {
			printed(t, Options{Mode: mode, Comments: true, WebSocket: true, Block: Block{Lang: catalogue.English}}, []capture.Packet{p, p})
		}
	})
}

// BenchmarkWebSocket prints masked text frames of one conversation.
func BenchmarkWebSocket(b *testing.B) {
	head := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true, Key: [4]byte{1, 2, 3, 4}}
	frame := string(dissect.AppendFrame(nil, head, []byte(strings.Repeat("hello, all! ", 10))))
	packet := segment(b, 50000, 7272, 0, 1, false, frame)
	seq := uint32(1)
	p := New(io.Discard, Options{WebSocket: true, Tcpdump: tcpdump.Options{Numeric: 1}})
	b.ReportAllocs()
	for b.Loop() {
		packet.Data[24], packet.Data[25], packet.Data[26], packet.Data[27] = byte(seq>>24), byte(seq>>16), byte(seq>>8), byte(seq)
		seq += uint32(len(frame))
		if err := p.Print(&packet); err != nil {
			b.Fatal(err)
		}
	}
}

// Bytes that were counted as lost and came after all are told apart.
func TestLateInJSON(t *testing.T) {
	out := printed(t, Options{Mode: JSON}, []capture.Packet{
		segment(t, 50000, 7272, 100, 1, false, "first"),
		segment(t, 50000, 7272, 110, 1, false, "third"),
		segment(t, 7272, 50000, 1, 115, false, ""),
		segment(t, 50000, 7272, 105, 1, false, "later"),
	})
	lines := strings.Split(out, "\n")
	for i, want := range []string{"", "", `"lost":5`, `"late":true`} {
		for _, field := range []string{`"lost":5`, `"late":true`} {
			if strings.Contains(lines[i], field) != (field == want) {
				t.Errorf("packet %d: %s\nwant %q", i+1, lines[i], want)
			}
		}
	}
}
