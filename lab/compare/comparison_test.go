package compare

import (
	"slices"
	"testing"

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
	if !c.Right() || len(c.Differences) != 0 || c.Captured != 19 {
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
