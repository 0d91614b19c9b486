package annotate

import (
	"strings"
	"testing"

	"chatlab/sniffer/capture/capturetest"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// commented gives what is said of each packet of a capture of the dissector's tests.
func commented(t *testing.T, name string, lang catalogue.Lang) (all []string) {
	t.Helper()
	var tracker dissect.Tracker
	var a Annotator
	packets := capturetest.Read(t, "../dissect/testdata/"+name)
	for i := range packets {
		var s dissect.Segment
		if err := s.Decode(&packets[i]); err != nil {
			t.Fatal(err)
		}
		c := a.Add(tracker.Add(&s))
		all = append(all, c.Title(lang)+"\n"+strings.Join(c.Lines(lang), "\n"))
	}
	return all
}

// What breaks a rule is said with the rule, where it is, in each language; what is
// another protocol is called by its name.
func TestCommentsOfCaptures(t *testing.T) {
	const en, fr, zh = catalogue.English, catalogue.French, catalogue.Chinese
	for _, tt := range []struct {
		file   string
		packet int // 0: any
		want   map[catalogue.Lang]string
	}{
		{"cv_unmasked_client.pcap", 8, map[catalogue.Lang]string{en: "RFC 6455 §5.1: a client must mask every frame", fr: "RFC 6455 §5.1\u00a0: un client doit masquer", zh: "RFC 6455 §5.1：客户端的每一帧"}},
		{"cv_unmasked_client.pcap", 9, map[catalogue.Lang]string{en: "Close code 1002", fr: "1002", zh: "1002"}},
		{"cv_unmasked_client.pcap", 10, map[catalogue.Lang]string{en: "Acknowledges the close frame", fr: "Acquitte la trame de fermeture", zh: "确认关闭帧"}},
		{"unmasked.pcap", 8, map[catalogue.Lang]string{en: "Asks to join the chat as “mynick”", fr: "§5.1", zh: "§5.1"}},
		{"unmasked.pcap", 9, map[catalogue.Lang]string{en: "Acknowledges the login", fr: "Acquitte la demande d’entrée", zh: "确认登录请求"}},
		{"90-edit-unmasked-login.pcap", 18, map[catalogue.Lang]string{en: "§5.1", fr: "§5.1", zh: "§5.1"}},
		{"90-edit-length.pcap", 23, map[catalogue.Lang]string{en: "92 bytes of payload, 87 of them", fr: "92 octets de charge utile, dont 87", zh: "载荷 92 字节，其中 87 字节"}},
		{"90-edit-length.pcap", 26, map[catalogue.Lang]string{en: "5 bytes", fr: "92, ne semble pas convenir\u202f; 87", zh: "92 似乎不对；87"}},
		{"67-nginx-noupgrade.pcap", 0, map[catalogue.Lang]string{en: "no “Upgrade: websocket”; as a rule a proxy", fr: "en général un proxy l’a enlevé", zh: "通常是途中的代理"}},
		{"cv_upgrade_list.pcap", 4, map[catalogue.Lang]string{en: "asks to change over to WebSocket", fr: "demande à passer à WebSocket", zh: "要求切换到 WebSocket"}},
		{"cv_upgrade_list.pcap", 6, map[catalogue.Lang]string{en: "is right", fr: "est juste", zh: "正确"}},
		{"https_only.pcap", 4, map[catalogue.Lang]string{en: "TLS, a ClientHello", fr: "ClientHello", zh: "ClientHello"}},
		{"68-wss-7272.pcap", 11, map[catalogue.Lang]string{en: "TLS: 511 bytes, encrypted", fr: "511 octets chiffrés", zh: "511 字节，已加密"}},
	} {
		for lang, want := range tt.want {
			all := commented(t, tt.file, lang)
			got := strings.Join(all, "\n")
			if tt.packet > 0 {
				got = all[tt.packet-1]
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s, packet %d: want %q in\n%s", tt.file, tt.packet, want, got)
			}
		}
	}
	for _, file := range []string{"68-wss-7272.pcap", "https_only.pcap", "unmasked.pcap", "90-edit-length.pcap"} {
		if got := strings.Join(commented(t, file, en), "\n"); strings.Contains(got, "nothing that is surely") {
			t.Errorf("%s: what is known is called unknown:\n%s", file, got)
		}
	}
}
