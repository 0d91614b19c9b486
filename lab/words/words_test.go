package words

import (
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// A word has its names and its meaning.
func TestKeys(t *testing.T) {
	var keys []string
	for _, w := range all {
		keys = append(keys, string(w))
	}
	cataloguetest.Keys(t, texts, map[string][]string{"name.": keys, "means.": keys}, ".")
}

// Each word is found by each of its names, which no other word has.
func TestEveryNameIsItsWords(t *testing.T) {
	for _, lang := range catalogue.Langs {
		of := map[string]Word{}
		for _, f := range forms[lang] {
			if other, taken := of[f.text]; taken && other != f.word {
				t.Errorf("%s: %q is %s and %s", lang, f.text, other, f.word)
			}
			of[f.text] = f.word
			if got, _, _ := Named(lang, f.text); got != f.word {
				t.Errorf("%s: %q: got %q, want %s", lang, f.text, got, f.word)
			}
			if got := In(lang, "("+f.text+")"); !slices.Equal(got, []Word{f.word}) {
				t.Errorf("%s: in %q: %v, want %s", lang, f.text, got, f.word)
			}
		}
	}
}

// The words that a newcomer stumbles over first are there.
func TestFirstWords(t *testing.T) {
	for _, name := range []string{
		"packet", "port", "segment", "frame", "MTU", "XOR", "Base64", "ecr", "nop", "payload", "MSS", "capture", "filter",
		"interface", "loopback", "SYN", "ACK", "FIN", "RST", "PSH", "flags", "sequence number", "acknowledgement number",
		"relative number", "window", "window scaling", "TS val", "delayed ACK", "retransmission", "three-way handshake",
		"socket", "connection", "browser", "client", "server", "HTTP", "upgrade", "WebSocket", "masking key", "opcode",
		"control frame", "close frame", "JSON", "UTF-8", "byte", "octet", "hexadecimal", "bit", "snaplen", "link type",
		"pcap", "root", "namespace", "user space", "relay",
	} {
		if _, _, ok := Named(catalogue.English, name); !ok {
			t.Errorf("no %q", name)
		}
	}
}

// explains is the part of a meaning that says what a word is; what follows tells more
// of it, or gives examples.
func explains(text string) string {
	if i := strings.IndexAny(text, ":;(。：；（"); i >= 0 {
		text = text[:i]
	}
	first, _, _ := strings.Cut(text, ". ")
	return first
}

// Whoever looks up each word of an explanation comes to an end: none is
// explained by itself, also by way of others.
func TestNoCircles(t *testing.T) {
	for _, lang := range catalogue.Langs {
		done := map[Word]bool{}
		var look func(w Word, way []Word)
		look = func(w Word, way []Word) {
			if i := slices.Index(way, w); i >= 0 {
				t.Errorf("%s: in a circle: %v", lang, append(way[i:], w))
				return
			}
			if done[w] {
				return
			}
			for _, next := range In(lang, explains(w.Means().In(lang))) {
				look(next, append(slices.Clone(way), w))
			}
			done[w] = true
		}
		for _, w := range all {
			look(w, nil)
		}
	}
}

// The order is a dictionary's: capitals and accents do not part words; Chinese goes by
// pinyin.
func TestOrder(t *testing.T) {
	for lang, want := range map[catalogue.Lang][]string{
		catalogue.English: {"ACK", "acknowledgement", "Base64", "wire", "Wireshark", "XOR"},
		catalogue.French:  {"adresse", "échelle de fenêtre", "en-tête", "espace de noms", "fenêtre", "XOR"},
		catalogue.Chinese: {"ACK", "报文段", "标志", "窗口", "位", "掩码", "字节"}, // bào biāo chuāng wèi yǎn zì
	} {
		var names []string
		for _, w := range All(lang) {
			names = append(names, w.Names(lang)[0])
		}
		at := -1
		for _, name := range want {
			i := slices.Index(names, name)
			if i <= at {
				t.Errorf("%s: %s is in the wrong place: %v", lang, name, names)
			}
			at = i
		}
	}
}

// Whole words, in every form, the longest first, each once.
func TestIn(t *testing.T) {
	for _, tt := range []struct {
		lang catalogue.Lang
		text string
		want []Word
	}{
		{catalogue.English, "The sequence number of a segment; numbers.", []Word{"sequence-number", "segment"}},
		{catalogue.English, "Ports and bytes. Packets, a port again.", []Word{"port", "byte", "packet"}},
		{catalogue.English, "important reports, MTUs, transport", []Word{"mtu"}},
		{catalogue.English, "SYN and ACK, then ack 1", []Word{"syn", "ack-flag", "acknowledgement-number"}},
		{catalogue.English, "a frame, a control frame", []Word{"frame", "control-frame"}},
		{catalogue.English, "Sec-WebSocket-Key: dGhl", []Word{"sec-websocket-key"}},
		{catalogue.English, "tcp-syn tcp_port", nil},
		{catalogue.French, "Les numéros de séquence et les numéros relatifs d’un segment", []Word{"sequence-number", "relative-number", "segment"}},
		{catalogue.French, "L’octet, drapeaux, en-têtes", []Word{"byte", "flag", "header"}},
		{catalogue.Chinese, "初始序号是报文段的序号，用ACK确认。", []Word{"initial-sequence-number", "segment", "sequence-number", "ack-flag", "acknowledgement"}},
		{catalogue.Chinese, "掩码密钥和掩码", []Word{"masking-key", "masking"}},
		{catalogue.Chinese, "包括 MTUx", nil},
	} {
		if got := In(tt.lang, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q: got %v, want %v", tt.lang, tt.text, got, tt.want)
		}
	}
}

// A name that is none is told the nearest.
func TestNamed(t *testing.T) {
	for _, tt := range []struct {
		lang       catalogue.Lang
		name, near string
		word       Word
	}{
		{catalogue.English, "ACK", "", "ack-flag"},
		{catalogue.English, "ack", "", "acknowledgement-number"},
		{catalogue.English, "syn", "", "syn"},
		{catalogue.English, "Packets", "", "packet"},
		{catalogue.Chinese, "packet", "", "packet"},
		{catalogue.English, "报文段", "", "segment"},
		{catalogue.English, "pakcet", "packet", ""},
		{catalogue.English, "key", "masking key", ""},
		{catalogue.French, "trammes", "trame", ""},
		{catalogue.English, "elephant", "", ""},
		{catalogue.English, "foo", "", ""},
		{catalogue.English, "cat", "", ""},
		{catalogue.English, "hi", "", ""},
		{catalogue.English, "akc", "ACK", ""},
	} {
		w, near, ok := Named(tt.lang, tt.name)
		if w != tt.word || near != tt.near || ok != (tt.word != "") {
			t.Errorf("%s %q: got %q, near %q, %v", tt.lang, tt.name, w, near, ok)
		}
	}
}
