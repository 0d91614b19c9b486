package tcp

import (
	"errors"
	"slices"
	"testing"
)

func TestFlags(t *testing.T) {
	for f, want := range map[Flags]string{0: "none", SYN: "S", SYN | ACK: "S.", PSH | ACK: "P.", 0xff: "FSRP.UEW"} {
		if got := f.String(); got != want {
			t.Errorf("%#x is %q, want %q", uint8(f), got, want)
		}
	}
}

// Numbers are compared by the shorter way round.
func TestSequence(t *testing.T) {
	for _, tt := range []struct {
		a, b     uint32
		distance int
	}{
		{1, 1, 0}, {1, 2, 1}, {2, 1, -1}, {0xffffffff, 0, 1}, {0, 0xffffffff, -1}, {0xfffffff0, 0x10, 0x20}, {0, 1<<31 - 1, 1<<31 - 1},
	} {
		if got := Distance(tt.a, tt.b); got != tt.distance {
			t.Errorf("from %#x to %#x: %d, want %d", tt.a, tt.b, got, tt.distance)
		}
		if got := Before(tt.a, tt.b); got != (tt.distance > 0) {
			t.Errorf("%#x before %#x: %v", tt.a, tt.b, got)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		name  string
		bytes []byte
		want  []OptionKind
		err   error // of the last
	}{
		{"none", nil, nil, nil},
		{"a SYN's", []byte{2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7}, []OptionKind{2, 4, 8, 1, 3}, nil},
		{"what is behind the end", []byte{1, 0, 2, 4, 5, 180}, []OptionKind{1, 0}, nil},
		{"no length", []byte{1, 2}, []OptionKind{1, 2}, ErrNoLength},
		{"no length that can be", []byte{1, 2, 1, 0}, []OptionKind{1, 2}, ErrBadLength},
		{"longer than the header", []byte{2, 4, 5, 180, 8, 10, 0, 0}, []OptionKind{2, 8}, ErrBadLength},
	} {
		var got []OptionKind
		var last error
		for o, err := range Options(tt.bytes) {
			if last != nil {
				t.Errorf("%s: goes on after %v", tt.name, last)
			}
			got, last = append(got, o.Kind), err
		}
		if !slices.Equal(got, tt.want) || !errors.Is(last, tt.err) {
			t.Errorf("%s: got %v, %v; want %v, %v", tt.name, got, last, tt.want, tt.err)
		}
	}
}

// An option that was not captured whole, or has not its kind's length, has no value.
func TestOptionValues(t *testing.T) {
	values := func(o Option) (n int) {
		if _, ok := o.MaximumSegmentSize(); ok {
			n++
		}
		if _, ok := o.WindowScale(); ok {
			n++
		}
		if _, _, ok := o.Timestamps(); ok {
			n++
		}
		return n
	}
	for _, whole := range [][]byte{{2, 4, 5, 180}, {3, 3, 7}, {8, 10, 1, 2, 3, 4, 5, 6, 7, 8}} {
		for captured := range len(whole) + 1 {
			o, err := ReadOption(whole[:captured], len(whole))
			want := 0
			if captured == len(whole) {
				want = 1
			}
			if (err == ErrNoLength) != (captured < 2) || values(o) != want {
				t.Errorf("%v, %d bytes captured: %+v, %v", whole, captured, o, err)
			}
		}
		wrong := append([]byte{whole[0], whole[1] + 1}, append(whole[2:len(whole):len(whole)], 0)...)
		if o, err := ReadOption(wrong, len(wrong)); err != nil || values(o) != 0 {
			t.Errorf("%v: %+v, %v", wrong, o, err)
		}
	}
	o, _ := ReadOption([]byte{8, 10, 1, 2, 3, 4, 5, 6, 7, 8}, 12)
	if value, echo, _ := o.Timestamps(); value != 0x01020304 || echo != 0x05060708 {
		t.Errorf("timestamps %#x, %#x", value, echo)
	}
}
