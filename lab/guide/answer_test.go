package guide

import (
	"testing"

	"chatlab/sniffer/dissect"
)

func TestParseFlags(t *testing.T) {
	for typed, want := range map[string]dissect.Flags{
		"S.": dissect.SYN | dissect.ACK, "[S.]": dissect.SYN | dissect.ACK, "syn, ack": dissect.SYN | dissect.ACK,
		"SYN+ACK": dissect.SYN | dissect.ACK, "SYN-ACK": dissect.SYN | dissect.ACK, "sa": dissect.SYN | dissect.ACK,
		"s": dissect.SYN, ".": dissect.ACK, "。": dissect.ACK, "P.": dissect.PSH | dissect.ACK,
		"Flags [S.]": dissect.SYN | dissect.ACK, "": 0, "x": 0, "42": 0, "[]": 0,
	} {
		if got, ok := parseFlags(typed); got != want && ok || ok != (want != 0) {
			t.Errorf("%q: got %s, %v", typed, got, ok)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for typed, want := range map[string]uint64{
		"716": 716, "ack 716": 716, "1 234": 1234, "1,234": 1234, "4_294_967_295": 4294967295, "#7": 7, "716.": 716,
	} {
		if got, ok := parseNumber(typed); !ok || got != want {
			t.Errorf("%q: got %d, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "x", "-1", "7x", "99999999999999999999999"} {
		if got, ok := parseNumber(typed); ok {
			t.Errorf("%q: got %d", typed, got)
		}
	}
}

func TestParseByte(t *testing.T) {
	for typed, want := range map[string]byte{
		"7b": 0x7b, "0x7B": 0x7b, "{": '{', `"t"`: 't', "'t'": 't', "7": '7', "0D": 13, "h": 'h',
	} {
		if got, ok := parseByte(typed); !ok || got != want {
			t.Errorf("%q: got %x, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "xyz", "100", "0x100", "猪"} {
		if got, ok := parseByte(typed); ok {
			t.Errorf("%q: got %x", typed, got)
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, typed := range []string{"S.", "716", "7b", "yes", "reset all", "ＳＹＮ", "\x1b[A", "ack  "} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		typed = clean(typed)
		parseFlags(typed)
		parseNumber(typed)
		parseByte(typed)
		parseYesNo(typed)
	})
}
