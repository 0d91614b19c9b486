package filter

import (
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
)

func TestKeys(t *testing.T) { cataloguetest.Keys(t, texts, nil, ".") }

// An error says in every language which word is at fault, and shows nothing of it
// that could drive a terminal.
func TestErrorsInEveryLanguage(t *testing.T) {
	for _, tt := range []struct {
		expr string
		want map[catalogue.Lang]string
	}{
		{"tcp and prt 80", map[catalogue.Lang]string{
			"en": "“prt” is no word of the filter language; did you mean “port”?",
			"fr": "«\u00a0prt\u00a0» n’est pas un mot du langage des filtres (vouliez-vous dire «\u00a0port\u00a0»\u202f?)",
			"zh": "“prt”不是过滤语言里的词；是不是“port”？",
		}},
		{"host", map[catalogue.Lang]string{
			"en": "expected a host’s name or address after “host”, but the expression ends there",
			"fr": "après «\u00a0host\u00a0», il faut le nom ou l’adresse d’un hôte, mais l’expression s’arrête là",
			"zh": "“host”之后应为主机的名字或地址，但表达式到此就结束了",
		}},
		{"ip proto tcp", map[catalogue.Lang]string{
			"en": `expected a protocol’s number or name after “proto”, got the reserved word “tcp”; as a name it is written \tcp`,
		}},
		{"tcp and \x1b", map[catalogue.Lang]string{"en": `“\u{1b}” has no meaning in a filter expression`}},
		{"host " + "\\\x1b[2J", map[catalogue.Lang]string{"en": `no host “\u{1b}[2J” is known`}},
	} {
		_, err := compileOffline(tt.expr, capture.Ethernet)
		for lang, want := range tt.want {
			if got := catalogue.Words(err, lang); got != want {
				t.Errorf("%q: got %q, want %q", tt.expr, got, want)
			}
		}
	}
}
