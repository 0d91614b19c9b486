package check

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
)

// Whatever port the chat has is the one that advice names: no text knows another.
func TestAdviceNamesTheChatsPort(t *testing.T) {
	for _, lang := range catalogue.Langs {
		words, err := os.ReadFile("texts/" + string(lang) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(words, []byte("7272")) {
			t.Errorf("%s: a text names port 7272, whatever the chat's is", lang)
		}
	}
	s := checktest.New(t)
	s.Enter(s.Conn(60653), checktest.Cast{})
	r, err := File(t.Context(), bytes.NewReader(file(t, s.Packets)), "f.pcap", steps.Task{Port: 7300})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range catalogue.Langs {
		if told := r.Advice.In(lang); !strings.Contains(told, "7300") {
			t.Errorf("%s: %s", lang, told)
		}
	}
}
