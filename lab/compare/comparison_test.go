package compare

import (
	"slices"
	"testing"
	"time"

	"chatlab/sniffer/tcp"
)

func documented(t *testing.T) []Packet {
	t.Helper()
	packets, err := Documented()
	if err != nil || len(packets) != 19 {
		t.Fatalf("%d packets, %v", len(packets), err)
	}
	return packets
}

func fieldOf(t *testing.T, c *Comparison, name string) Field {
	t.Helper()
	for _, f := range c.Fields {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no field %s", name)
	return Field{}
}

func TestCompareWithItself(t *testing.T) {
	d := documented(t)
	c := Packets(d, slices.Clone(d), Place{Options: true})
	if !c.Right() || len(c.Differences) != 0 || c.Captured != 19 || c.Bytes != 2443 || c.IdenticalBytes != c.Bytes {
		t.Errorf("got %+v", c)
	}
	for _, f := range c.Fields {
		of := 19
		if f.Name == "payload" {
			of = 9
		}
		if f.Equal != of || f.Of != of {
			t.Errorf("%s: %d/%d", f.Name, f.Equal, f.Of)
		}
	}
}

// One changed field is told as that field of that packet, and nothing else.
func TestCompareTellsEachField(t *testing.T) {
	for _, tt := range []struct {
		name   string
		packet int // from 1
		change func(*Packet)
		host   bool // only a difference by nature outside a namespace
	}{
		{"flags", 8, func(s *Packet) { s.Flags = tcp.ACK }, false},
		{"seq", 9, func(s *Packet) { s.Seq++ }, false},
		{"ack", 9, func(s *Packet) { s.Ack-- }, false},
		{"length", 15, func(s *Packet) { s.Length++ }, false},
		{"direction", 3, func(s *Packet) { s.From, s.To = s.To, s.From }, false},
		{"payload", 4, func(s *Packet) { s.Payload = []byte("GET /") }, false},
		{"options", 1, func(s *Packet) { s.Options = "mss 65495" }, true},
		{"window", 2, func(s *Packet) { s.Window = 65483 }, true},
	} {
		d := documented(t)
		got := slices.Clone(d)
		tt.change(&got[tt.packet-1])
		c := Packets(d, got, Place{Options: true})
		if c.Right() || len(c.Differences) != 1 || c.Extra != 0 || len(c.Missing) != 0 {
			t.Errorf("%s: got %+v", tt.name, c)
			continue
		}
		if diff := c.Differences[0]; diff.Field != tt.name || diff.Packet != tt.packet || diff.ByNature || diff.Documented == diff.Got {
			t.Errorf("%s: got %+v", tt.name, diff)
		}
		if f := fieldOf(t, c, tt.name); f.Equal != f.Of-1 {
			t.Errorf("%s: %d/%d", tt.name, f.Equal, f.Of)
		}
		if host := Packets(d, got, Place{}); host.Right() != tt.host {
			t.Errorf("%s: right without a namespace is %v", tt.name, host.Right())
		}
	}
}

// What a connection shows when it begins it must keep to; what it does not show differs
// by nature.
func TestCompareWhatWasHad(t *testing.T) {
	earlier, d, err := all()
	if err != nil {
		t.Fatal(err)
	}
	to := func(from, to uint16, do func(*Packet)) func([]Packet) {
		return func(packets []Packet) {
			for i := range packets {
				if flowOf(&packets[i]) == (flow{from, to}) {
					do(&packets[i])
				}
			}
		}
	}
	other := func(p *Packet) { p.AbsoluteSeq += 5 }
	small := func(p *Packet) {
		if p.Flags&tcp.SYN == 0 {
			p.Window = 255
		}
	}
	only := func(n int, do func(*Packet)) func([]Packet) {
		return func(packets []Packet) { do(&packets[n]) }
	}
	for _, tt := range []struct {
		name                    string
		change                  func(all []Packet)
		right                   bool
		seq, ack, window        int // must be as documented
		seqs, windows, equalAck int // are
	}{
		{"nothing", func([]Packet) {}, true, 19, 19, 19, 19, 19, 19},
		{"the newcomer begins elsewhere", to(60653, 7272, other), true, 4, 4, 19, 10, 19, 19},
		{"the server does", to(7272, 60653, other), true, 4, 4, 19, 13, 19, 19},
		{"the earlier browser does", to(60584, 7272, other), true, 15, 15, 19, 17, 19, 19},
		{"another window from the first acknowledgement on", to(7272, 60653, small), true, 19, 19, 5, 19, 14, 19},
		{"one number that does not follow", only(15+8, other), false, 19, 19, 19, 18, 19, 19},
		{"one window that was not kept", only(15+8, small), false, 19, 19, 19, 19, 18, 19},
		{"one acknowledgement", only(15+8, func(p *Packet) { p.AbsoluteAck++ }), false, 19, 19, 19, 19, 19, 18},
	} {
		got := append(slices.Clone(earlier), d...)
		tt.change(got)
		c := Packets(d, got[len(earlier):], Place{Options: true, Earlier: got[:len(earlier)]})
		seq, ack, window := fieldOf(t, c, "absolute_seq"), fieldOf(t, c, "absolute_ack"), fieldOf(t, c, "window")
		if c.Right() != tt.right || seq.Must != tt.seq || ack.Must != tt.ack || window.Must != tt.window ||
			seq.Equal != tt.seqs || ack.Equal != tt.equalAck || window.Equal != tt.windows {
			t.Errorf("%s: right is %v, seq %+v, ack %+v, window %+v", tt.name, c.Right(), seq, ack, window)
		}
	}
}

// The clocks and the counter must be as documented where everything can be.
func TestCompareExact(t *testing.T) {
	for name, change := range map[string]func(*Packet){
		"time": func(p *Packet) { p.Time = p.Time.Add(time.Microsecond) },
		"ts":   func(p *Packet) { p.TSEcr++ },
		"id":   func(p *Packet) { p.ID++ },
	} {
		d := documented(t)
		got := slices.Clone(d)
		change(&got[5])
		for _, exact := range []bool{false, true} {
			c := Packets(d, got, Place{Options: true, Exact: exact})
			if f := fieldOf(t, c, name); c.Right() == exact || f.Equal != 18 || (f.Must == 19) != exact || len(c.Differences) != 1 {
				t.Errorf("%s, exact %v: %+v", name, exact, c)
			}
		}
	}
}

// A byte is identical where the same packet has it in the same place.
func TestCompareBytes(t *testing.T) {
	d := documented(t)
	got := slices.Clone(d)
	got[3].Bytes = slices.Clone(got[3].Bytes)
	got[3].Bytes[4] ^= 1
	got[4].Bytes = got[4].Bytes[:50]
	got = slices.Delete(got, 18, 19)
	if c := Packets(d, got, Place{}); c.Bytes != 2443 || c.IdenticalBytes != 2443-1-2-52 {
		t.Errorf("%d of %d", c.IdenticalBytes, c.Bytes)
	}
}

func TestCompareMissingAndExtra(t *testing.T) {
	d := documented(t)
	missing := slices.Delete(slices.Clone(d), 9, 10)
	if c := Packets(d, missing, Place{}); c.Right() || !slices.Equal(c.Missing, []int{10}) || c.Extra != 0 || fieldOf(t, c, "seq").Equal != 18 {
		t.Errorf("got %+v", c)
	}
	extra := slices.Insert(slices.Clone(d), 8, Packet{From: 7272, To: 60653, Flags: tcp.ACK, Seq: 157, Ack: 754})
	if c := Packets(d, extra, Place{}); c.Right() || len(c.Missing) != 0 || c.Extra != 1 || c.ExtraAcks != 1 || fieldOf(t, c, "seq").Equal != 19 {
		t.Errorf("got %+v", c)
	}
	extra[8].Flags |= tcp.FIN
	if c := Packets(d, extra, Place{}); c.Right() || c.Extra != 1 || c.ExtraAcks != 0 {
		t.Errorf("got %+v", c)
	}
	if c := Packets(d, nil, Place{}); c.Right() || len(c.Missing) != 19 || fieldOf(t, c, "payload").Equal != 0 {
		t.Errorf("got %+v", c)
	}
}

func TestOptionText(t *testing.T) {
	for _, tt := range []struct {
		b    []byte
		want string
	}{
		{[]byte{2, 4, 0x40, 0x0c, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7}, "mss 16396,sackOK,TS,nop,wscale 7"},
		{[]byte{1, 1, 0, 9}, "nop,nop,eol"},
		{[]byte{5, 10, 0}, "malformed"},
		{[]byte{2}, "malformed"},
		{[]byte{254, 2}, "exp"},
	} {
		if got := optionText(tt.b); got != tt.want {
			t.Errorf("% x: got %s, want %s", tt.b, got, tt.want)
		}
	}
}
