package tcpdump

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// TestCarriageReturn: a dot, nothing before a line feed, or as it is.
func TestCarriageReturn(t *testing.T) {
	p := packet(capture.Raw, 0, tcp4(segment{src: 1, dst: 2, flags: tcp.ACK, payload: []byte("a\rb\r\nc\rdd")}))
	for raw, want := range map[bool]string{false: "a.b\nc.dd\n", true: "a\rb\r\nc\rdd\n"} {
		if got := printed(t, Options{ASCII: 1, RawCR: raw}, []capture.Packet{p}); !strings.HasSuffix(got, want) {
			t.Errorf("RawCR %v: %q", raw, got)
		}
	}
}

// TestSignatures holds TCP-MD5 signatures against tcpdump -M.
func TestSignatures(t *testing.T) {
	needTcpdump(t)
	base := segment{src: 7272, dst: 60653, seq: 7, ack: 8, win: 9, urgent: 0x102, flags: tcp.ACK | 8, payload: []byte("keepalive")}
	var packets []capture.Packet
	for _, v6 := range []bool{false, true} {
		for _, key := range []string{"secret", "wrong"} {
			s := base
			s.options = join([]byte{1, 1, 19, 18}, make([]byte, 16))
			build := tcp4
			if v6 {
				build = tcp6
			}
			ip := build(s)
			at := 40
			if !v6 {
				at = 20
			}
			sig := md5Sum(ip[at:], uint32(len(s.payload)), ip, key)
			copy(s.options[4:], sig[:])
			packets = append(packets, packet(capture.Raw, 0, build(s)))
		}
	}
	cmd := exec.Command("tcpdump", "-n", "-M", "secret", "-r", writePcap(t, packets))
	cmd.Env = append(os.Environ(), "TZ=UTC")
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := printed(t, Options{Numeric: 1, Secret: "secret"}, packets)
	if got != string(want) || strings.Count(got, "md5 valid") != 2 {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestWriteError(t *testing.T) {
	broken := errors.New("broken")
	p := NewPrinter(failing{broken}, Options{LineBuffered: true})
	k := packet(capture.Raw, 0, tcp4(segment{}))
	for range 2 {
		if err := p.Print(&k); err != broken {
			t.Errorf("error %v", err)
		}
	}
	if err := p.Flush(); err != broken {
		t.Errorf("error %v", err)
	}
}

// TestBuffering: a line at once with LineBuffered, else 64 KiB together.
func TestBuffering(t *testing.T) {
	k := packet(capture.Raw, 0, tcp4(segment{}))
	var b bytes.Buffer
	p := NewPrinter(&b, Options{})
	n := 0
	for ; b.Len() == 0; n++ {
		p.Print(&k)
	}
	if b.Len() < flushSize || n < 500 {
		t.Errorf("%d bytes of %d packets were written together", b.Len(), n)
	}
	b.Reset()
	p = NewPrinter(&b, Options{LineBuffered: true})
	p.Print(&k)
	if strings.Count(b.String(), "\n") != 1 {
		t.Errorf("line buffered: %q", b.String())
	}
}

// TestAllocations: printing a segment of a known conversation takes no memory.
func TestAllocations(t *testing.T) {
	packets := benchPackets()
	for _, flags := range []string{"n", "nA", "nX", "nve", "ntttt"} {
		p := NewPrinter(bytes.NewBuffer(make([]byte, 0, 64<<20)), options(t, flags))
		for i := range packets {
			p.Print(&packets[i])
		}
		i := 0
		if n := testing.AllocsPerRun(2000, func() {
			p.Print(&packets[i&1023])
			i++
		}); n > 0 {
			t.Errorf("-%s: %v allocations a packet", flags, n)
		}
	}
}
