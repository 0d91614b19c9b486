package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Captures of a close that a client's unmasked frame has brought about are
// commented in words, in every language.
func TestCloseIsCommentedInWords(t *testing.T) {
	for _, name := range []string{"cv_unmasked_client.pcap", "unmasked.pcap"} {
		for lang, want := range map[string]string{
			"en": "Acknowledges the close frame. ack", "fr": "Acquitte la trame de fermeture. ack", "zh": "关闭帧",
		} {
			code, out, stderr := sniffer(t, nil, "--annotate", "--lang", lang, "-nr", filepath.Join("testdata", name))
			if code != 0 || !strings.Contains(out, want) || strings.Contains(out, "what.") {
				t.Errorf("%s, %s: status %d, %s%s", name, lang, code, out, stderr)
			}
		}
	}
}
