package explain

import (
	"strings"
	"testing"

	"chatlab/sniffer/capture/capturetest"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// A frame that breaks a rule is shown with it in every output, and so is one that has
// another length than its header says.
func TestBrokenIsSaid(t *testing.T) {
	const en, fr, zh = catalogue.English, catalogue.French, catalogue.Chinese
	login := `{"type":"login","client_name":"mynick","room_id":1}`
	for _, tt := range []struct {
		file string
		o    Options
		want string
	}{
		{"unmasked.pcap", Options{WebSocket: true}, "\tWebSocket FIN text, length 51\n\t  This breaks RFC 6455 §5.1: a client must mask every frame, and this one is not masked.\n\t  payload:  " + login + "\n"},
		{"unmasked.pcap", Options{WebSocket: true, Block: Block{Lang: zh}}, "\t  这违反 RFC 6455 §5.1：客户端的每一帧都必须加掩码，而这一帧没有。\n"},
		{"unmasked.pcap", Options{Mode: Follow}, "\n[This breaks RFC 6455 §5.1: a client must mask every frame, and this one is not masked.]\n" + login + "\n"},
		{"unmasked.pcap", Options{Mode: Follow, Block: Block{Lang: fr}}, "\n[Cela enfreint la RFC 6455 §5.1\u00a0: un client doit masquer"},
		{"unmasked.pcap", Options{Mode: JSON}, `"broken":"unmasked","section":"5.1"`},
		{"68-wss-7272.pcap", Options{Mode: Follow}, "[TLS: not read]\n"},
		{"90-edit-length.pcap", Options{Mode: JSON}, `"masking_key":"039eeb94","relative_seq":554,"relative_end":652,"cut":true,"text":"{\"type\":\"say\"`},
		{"90-edit-length.pcap", Options{WebSocket: true}, "\tWebSocket FIN text, length 92, key 03 9e eb 94, seq 554:652, only 87 of 92 bytes came\n\t  masked:   "},
		{"90-edit-length.pcap", Options{Mode: Follow, Conversation: 1, Block: Block{Lang: en}}, `[only 87 of 92 bytes came] {"type":"say","to_client_id":"all","to_client_name":"所有人","content":"hi,  all !"}`},
		{"90-edit-length.pcap", Options{Mode: Follow, Conversation: 1, Block: Block{Lang: zh}}, "[92 字节中只到了 87 字节] {"},
	} {
		if got := printed(t, tt.o, capturetest.Read(t, "../dissect/testdata/"+tt.file)); strings.Count(got, tt.want) != 1 {
			t.Errorf("%s, %+v: want %q in\n%s", tt.file, tt.o, tt.want, got)
		}
	}
}

// A close frame's code is what it carries, also one that no frame may, and not that it
// carries none where the capture lacks it.
func TestCloseCodes(t *testing.T) {
	for payload, want := range map[string]string{
		"\x03\xea": "WebSocket FIN close, length 2, code 1002\n",
		"\x03\xed": "WebSocket FIN close, length 2, code 1005\n\t  This breaks RFC 6455 §7.4",
		"":         "WebSocket FIN close, length 2, not captured whole\n",
	} {
		packets := capturetest.Read(t, "../dissect/testdata/cv_unmasked_client.pcap")
		p := &packets[8] // it ends with the payload
		p.Data = append(p.Data[:len(p.Data)-2:len(p.Data)-2], payload...)
		if got := printed(t, Options{WebSocket: true}, packets); !strings.Contains(got, want) {
			t.Errorf("% x: want %q in\n%s", payload, want, got)
		}
		code := map[string]string{"\x03\xea": `"close_code":1002`, "\x03\xed": `"close_code":1005`, "": `"cut":true,"text":""`}[payload]
		if got := printed(t, Options{Mode: JSON}, packets); !strings.Contains(got, code) {
			t.Errorf("% x: want %s in\n%s", payload, code, got)
		}
	}
}

func TestKeys(t *testing.T) { cataloguetest.Keys(t, texts, nil, ".") }
