package catalogue

import (
	"math"
	"net/netip"
	"testing"
)

func TestMessage(t *testing.T) {
	c := Must(files(`{"a":"{x} and {y}"}`, `{"a":"{x} et {y}"}`, `{"a":"{x}和{y}"}`), "t")
	other := Must(files(`{"a":"this"}`, `{"a":"ceci"}`, `{"a":"这个"}`), "t")
	this := other.Message("a")
	for _, tt := range []struct {
		message    Message
		en, fr, zh string
	}{
		{Message{}, "", "", ""},
		// What an argument says is not looked at again.
		{c.Message("a", "x", "{y}", "y", "2"), "{y} and 2", "{y} et 2", "{y}和2"},
		{c.Message("a", "x", this, "y", netip.MustParseAddr("::1")), "this and ::1", "ceci et ::1", "这个和::1"},
		{c.Message("a", "x", List[string]{"b", "c"}, "y", List[Message]{this, this}), "b, c and this, this", "b, c et ceci, ceci", "b、c和这个、这个"},
		{c.Message("a", "x", uint32(4294967295), "y", -3), "4294967295 and -3", "4294967295 et -3", "4294967295和-3"},
		{c.Message("a", "x", Decimal{0.008, 3}, "y", Decimal{12, 1}), "0.008 and 12.0", "0,008 et 12,0", "0.008和12.0"},
		// Nothing at the end leaves no blank.
		{c.Message("a", "x", "b", "y", ""), "b and", "b et", "b和"},
	} {
		for lang, want := range map[Lang]string{English: tt.en, French: tt.fr, Chinese: tt.zh} {
			if got := tt.message.In(lang); got != want {
				t.Errorf("%s: got %q, want %q", lang, got, want)
			}
		}
		if tt.message.IsZero() != (tt.en == "") {
			t.Errorf("%s: IsZero is %t", tt.en, tt.message.IsZero())
		}
	}
}

func TestPlural(t *testing.T) {
	c := Must(files(
		`{"a":"{n, plural, one {# byte of {of}} other {# bytes of {of}}}."}`,
		`{"a":"{n, plural, one {# octet de {of}} other {# octets de {of}}}."}`,
		`{"a":"{of}的{n, plural, other {# 个字节}}。"}`), "t")
	for _, tt := range []struct {
		n          any
		en, fr, zh string
	}{
		{0, "0 bytes of x.", "0 octet de x.", "x的0 个字节。"},
		{1, "1 byte of x.", "1 octet de x.", "x的1 个字节。"},
		{uint16(2), "2 bytes of x.", "2 octets de x.", "x的2 个字节。"},
		{Decimal{1.5, 1}, "1.5 bytes of x.", "1,5 octet de x.", "x的1.5 个字节。"},
		{4096, "4096 bytes of x.", "4096 octets de x.", "x的4096 个字节。"},
		{65536, "65,536 bytes of x.", "65\u202f536 octets de x.", "x的65,536 个字节。"},
		{-1234567, "-1,234,567 bytes of x.", "-1\u202f234\u202f567 octets de x.", "x的-1,234,567 个字节。"},
		{uint64(math.MaxUint64), "18,446,744,073,709,551,615 bytes of x.", "18\u202f446\u202f744\u202f073\u202f709\u202f551\u202f615 octets de x.", "x的18,446,744,073,709,551,615 个字节。"},
	} {
		m := c.Message("a", "n", tt.n, "of", "x")
		for lang, want := range map[Lang]string{English: tt.en, French: tt.fr, Chinese: tt.zh} {
			if got := m.In(lang); got != want {
				t.Errorf("%s: got %q, want %q", lang, got, want)
			}
		}
	}
	if got := one("{n, number}").Message("a", "n", 12345).In(English); got != "12,345" {
		t.Errorf("got %s", got)
	}
}

// A text that is missing is never passed over: what a test says of it stops it.
func TestFaultsStopTests(t *testing.T) {
	c := one("{x} and {y}")
	for want, m := range map[string]Message{
		"catalogue: no text for none in zh":                  c.Message("none"),
		"catalogue: a in zh is not given {y}":                c.Message("a", "x", "y"),
		"catalogue: a in zh: no argument can be a struct {}": c.Message("a", "x", struct{}{}, "y", ""),
		"catalogue: a in zh: {n} is no number":               one("{n, number}").Message("a", "n", "1"),
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got %v, want %s", got, want)
				}
			}()
			m.In(Chinese)
		}()
	}
}
