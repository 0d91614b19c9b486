package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/tcp"
)

func TestParseFlags(t *testing.T) {
	const synAck = tcp.SYN | tcp.ACK
	for typed, want := range map[string]tcp.Flags{
		"S.": synAck, "[S.]": synAck, "[S.].": synAck, "(S.)": synAck, "【S.】": synAck, "［Ｓ．］": synAck, "S。": synAck, "s .": synAck,
		"syn, ack": synAck, "SYN+ACK": synAck, "SYN-ACK": synAck, "SYN ACK": synAck, "SYN,ACK": synAck, "ＳＹＮ，ＡＣＫ": synAck, "SYN/ACK": synAck,
		"SYNACK": synAck, "synack.": synAck, "SYN and ACK": synAck, "SYN et ACK": synAck, "SYN和ACK": synAck, "SYN、ACK": synAck, "ACK SYN": synAck,
		"SYN=1, ACK=1": synAck, "SYN=1，ACK=1。": synAck, "“S.”": synAck, "« SYN ACK »": synAck, `"[S.]"`: synAck, "sa": synAck, "S, A": synAck,
		"Flags [S.]": synAck, "Flags S.": synAck, "drapeaux SYN et ACK": synAck, "标志 [S.]": synAck, "标志S.": synAck, "the flags are": 0,
		"s": tcp.SYN, "[S].": tcp.SYN, "SYN.": tcp.SYN, "SYN=1 ACK=0": tcp.SYN, ".": tcp.ACK, "。": tcp.ACK,
		"P.": tcp.PSH | tcp.ACK, "PUSH ACK": tcp.PSH | tcp.ACK, "pshack": tcp.PSH | tcp.ACK,
		"SYN, not ACK": 0, "SYN without ACK": 0, "SYN sans ACK": 0, "SYN, pas ACK": 0, "SYN，不是ACK": 0, "SYN, !ACK": 0, "SYN ¬ACK": 0, "SYN or ACK": 0,
		"SYN 1": 0, "not [S.]": 0, "[S.] not": 0, "ACK=716": 0, "": 0, "x": 0, "42": 0, "[]": 0, "flags": 0, "none": 0, "SYNX": 0,
	} {
		if got, ok := parseFlags(clean(typed)); got != want && ok || ok != (want != 0) {
			t.Errorf("%q: got %s, %v", typed, got, ok)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for typed, want := range map[string]uint64{
		"716": 716, "ack 716": 716, "ack=716": 716, "ack: 716": 716, "1 234": 1234, "1,234": 1234, "1，234": 1234, "1\u202f234": 1234, "1'234": 1234,
		"4_294_967_295": 4294967295, "#7": 7, "716.": 716, "716。": 716, "７１６": 716, "0716": 716, "0x2cc": 716, "0X2CC": 716,
		"716 bytes": 716, "716 octets": 716, "716 字节": 716, "716字节。": 716, "716 B": 716, "“716”": 716, "« 716 »": 716, `"716"`: 716, "(716)": 716,
		"packet 31": 31, "paquet n° 31": 31, "第31个数据包": 31, "第 31 个": 31, "port 60653": 60653, "端口60653": 60653, "HTTP 101": 101, "it is 20": 20,
		"c’est 20": 20, "c'est 20 octets.": 20, "是 20": 20, "No 7": 0, "nr 7": 7,
		"101 Switching Protocols": 101, "HTTP/1.1 101 Switching Protocols": 101, "au port 49246": 49246,
	} {
		if got, ok := parseNumber(clean(typed)); got != want || ok != (want != 0) {
			t.Errorf("%q: got %d, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "x", "-1", "7x", "99999999999999999999999", "not 716", "pas 716", "不是716", "716 not", "!716", "716 or 717",
		"716, 717", "716-717", "1:716", "7.16", "716 + 1", "1 2", "71,6", "0x", "0xg", "ack"} {
		if got, ok := parseNumber(clean(typed)); ok {
			t.Errorf("%q: got %d", typed, got)
		}
	}
}

func TestParseByte(t *testing.T) {
	for typed, want := range map[string][]byte{
		"7b": {0x7b}, "0x7B": {0x7b}, "7b.": {0x7b}, "７Ｂ": {0x7b}, "7bh": {0x7b}, `\x7b`: {0x7b}, "“7b”": {0x7b}, "byte 7b": {0x7b}, "octet 7b": {0x7b},
		"字节7b": {0x7b}, "0x07b": {0x7b}, "007b": {0x7b}, "7b ({)": {0x7b}, "7B ({).": {0x7b}, "01111011": {0x7b}, "0111 1011": {0x7b}, "0b01111011": {0x7b},
		"0D": {13}, "d": {'d', 13}, "03": {3}, "3": {'3', 3}, "3.": {'3', 3}, "3。": {'3', 3}, "0x3": {3}, "0xa": {10}, "A": {'A', 10}, "'a'": {'a', 10},
		"{": {'{'}, `"t"`: {'t'}, "'t'": {'t'}, "「t」": {'t'}, "t.": {'t'}, "h": {'h'}, "T": {'T'}, ".": {'.'}, `"`: {'"'}, "'.'": {'.'}, "the answer is t": {'t'},
		"c'est t": {'t'}, "c’est t": {'t'}, "C'est « t ».": {'t'}, "l'octet 7b": {0x7b}, "l’octet 7b.": {0x7b}, "c'est l'octet 7b": {0x7b}, "7b hex": {0x7b},
		"c": {'c', 12}, "'c'": {'c', 12}, "c.": {'c', 12}, "« c »": {'c', 12}, "‘C’": {'C', 12}, "l": {'l'}, `"l"`: {'l'}, "l。": {'l'}, "L": {'L'},
		"byte c": {'c', 12}, "octet 'c'": {'c', 12}, "字节c": {'c', 12}, "c hex": {'c', 12}, "c'est c": {'c', 12}, "c'est l": {'l'}, "the answer is l": {'l'},
		"c'est \"c\".": {'c', 12}, "l'octet l": {'l'},
	} {
		if got := parseByte(clean(typed), true); !slices.Equal(got, want) {
			t.Errorf("%q: got %x", typed, got)
		}
		if got := parseByte(clean(typed), false); slices.Contains(got, 't') || len(want) == 2 && !slices.Equal(got, want[1:]) || slices.Contains(got, 'l') {
			t.Errorf("%q: got %x where no character is asked for", typed, got)
		}
	}
	for _, typed := range []string{"", "xyz", "100", "0x100", "猪", "7c ({)", "not 7b", "7b 22", "7b or 7c", "-3", "0x", "011110111", "c'est", "c’est.", "l'octet", "the answer is", "byte"} {
		if got := parseByte(clean(typed), true); len(got) > 0 {
			t.Errorf("%q: got %x", typed, got)
		}
	}
}

// wide gives what a Chinese input method makes of ASCII.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xFEE0
		}
		return r
	}, s)
}

// dressed gives an answer as different people write it down.
func dressed(s string) []string {
	return []string{
		s, " " + s + " ", strings.ToUpper(s), wide(s), `"` + s + `"`, "'" + s + "'", "“" + s + "”", "« " + s + " »", "「" + s + "」", "‘" + s + "’",
		wide(`"` + s + `"`), "\u200b" + s, s + "\t",
	}
}

// lone gives a character as different people write it down: in quotes or not, and
// a full stop behind it, or not.
func lone(c string) (forms []string) {
	for _, c := range []string{c, wide(c)} {
		for _, pair := range []string{"", "''", `""`, "``", "´´", "“”", "„“", "‘’", "«»", "‹›", "「」", "『』", "＇＇", "＂＂"} {
			q := []rune(pair)
			quoted := []string{c}
			if len(q) == 2 {
				quoted = []string{string(q[0]) + c + string(q[1]), string(q[0]) + " " + c + " " + string(q[1]), string(q[0]) + "\u202f" + c + "\u202f" + string(q[1])}
			}
			for _, form := range quoted {
				for _, stop := range []string{"", ".", "。", ",", "！"} {
					forms = append(forms, form+stop)
				}
			}
		}
	}
	return forms
}

// A character is itself in every dress, though it be a quote, a full stop or a
// word of a sentence.
func TestEveryCharacterIsItself(t *testing.T) {
	for c := byte('!'); c < 0x7f; c++ {
		for _, form := range lone(string(rune(c))) {
			if got := parseByte(clean(form), true); !slices.Contains(got, c) {
				t.Errorf("%q: got %q", form, got)
			}
		}
	}
	for b := range 16 {
		digit := fmt.Sprintf("%x", b)
		for _, form := range append(lone(digit), "byte "+digit, "octet "+digit, "字节"+digit, "l'octet "+digit, "l’octet "+digit, "c'est "+digit) {
			if got := parseByte(clean(form), false); !slices.Equal(got, []byte{byte(b)}) {
				t.Errorf("%q: got %x", form, got)
			}
		}
	}
}

// A question takes its own answer in every dress, and no other question's.
func FuzzAnswer(f *testing.F) {
	f.Add(uint64(716), uint64(715), byte(3), byte(0x33), "not")
	f.Add(uint64(4294967295), uint64(4294967), byte(0x0a), byte('a'), "SYN, not ACK")
	f.Add(uint64(0), uint64(10), byte('"'), byte('.'), "\xff\x1b[A")
	f.Add(uint64(20), uint64(0x20), byte(0x12), byte(0x7f), "ＳＹＮ")
	f.Fuzz(func(t *testing.T, n, other uint64, b, otherByte byte, typed string) {
		try := func(j judge, form string, want bool) {
			t.Helper()
			if right, _, understood := j(clean(form)); right != want || want && !understood {
				t.Errorf("%q is right: %v", form, right)
			}
		}
		// What a number may be shown as, and with what around it.
		number := []string{itoa(n), "0" + itoa(n), fmt.Sprintf("0x%x", n)}
		for _, unit := range []string{" bytes", " octets", " 字节", "字节", ".", "。"} {
			number = append(number, itoa(n)+unit)
		}
		for _, lead := range []string{"ack ", "#", "packet ", "paquet ", "第"} {
			number = append(number, lead+itoa(n))
		}
		for _, separator := range []string{",", " ", "\u202f", "_"} {
			s := itoa(n)
			for i := len(s) - 3; i > 0; i -= 3 {
				s = s[:i] + separator + s[i:]
			}
			number = append(number, s)
		}
		for _, form := range number {
			for _, form := range dressed(form) {
				try(wantNumber(n, nil), form, true)
				try(wantNumber(other, nil), form, n == other)
			}
			try(wantNumber(n, nil), "not "+form, false)
			try(wantNumber(n, nil), "不是"+form, false)
		}

		bytes := []string{fmt.Sprintf("%02x", b), fmt.Sprintf("%x", b), fmt.Sprintf("0x%x", b), fmt.Sprintf("0x%02X", b), fmt.Sprintf("%02xh", b),
			fmt.Sprintf("%02x.", b), fmt.Sprintf("%02x。", b), fmt.Sprintf("byte %02x", b), fmt.Sprintf("octet %02x", b), fmt.Sprintf("字节%02x", b),
			fmt.Sprintf("%08b", b), fmt.Sprintf("0x00%02x", b)}
		for _, form := range bytes {
			for _, form := range dressed(form) {
				try(wantHex(b, nil), form, true)
				try(wantByte(b, nil), form, true)
				try(wantHex(otherByte, nil), form, b == otherByte)
				if len(form) > 1 && b > 0x0f { // one digit may be a character too
					try(wantByte(otherByte, nil), form, b == otherByte)
				}
			}
			try(wantByte(b, nil), "not "+form, false)
		}
		for _, form := range []string{byteText(b), byteText(b) + ".", "“" + byteText(b) + "”"} {
			try(wantByte(b, nil), form, true)
			try(wantByte(otherByte, nil), form, b == otherByte)
		}
		if b > ' ' && b < 0x7f {
			for _, form := range lone(string(rune(b))) {
				try(wantByte(b, nil), form, true)
			}
		}

		flags, others := tcp.Flags(b), tcp.Flags(otherByte)
		if flags != 0 {
			for _, form := range append(spelled(flags), flagsText(flags), flagsText(flags)+".", "Flags "+flagsText(flags), flags.String()) {
				for _, form := range dressed(form) {
					try(wantFlags(flags), form, true)
					try(wantFlags(others), form, flags == others)
				}
				try(wantFlags(flags), "not "+form, false)
			}
		}

		// Whatever is typed, there is an answer, and at most one number is right.
		for _, j := range []judge{wantNumber(n, nil), wantHex(b, nil), wantByte(b, nil), wantFlags(flags)} {
			j(clean(typed))
		}
		if a, _, _ := wantNumber(n, nil)(clean(typed)); a && n != other {
			try(wantNumber(other, nil), typed, false)
		}
	})
}

// spelled gives flags by their names, joined as people join them.
func spelled(f tcp.Flags) (forms []string) {
	var names []string
	for _, n := range flagNames {
		if f&n.flag != 0 && n.name != "PUSH" {
			names = append(names, n.name)
		}
	}
	for _, joint := range []string{" ", ",", ", ", "-", "+", "/", "、", "", " and ", " et ", "和"} {
		forms = append(forms, strings.Join(names, joint))
	}
	return append(forms, strings.Join(names, "=1, ")+"=1")
}
