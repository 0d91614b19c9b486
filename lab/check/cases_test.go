package check

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"chatlab/lab/check/steps"
)

// cases are captures of real browsers and servers, most with something wrong. The
// first in which a kind of fault was seen stands for it.
var cases = []struct {
	file, want, advice string
	got, notes         []string
	alone              bool
}{
	{file: "05-php-filter80.pcap", want: "-------", advice: "hint.empty"},
	{file: "07-php-s200.pcap", want: "=!=!!=!", advice: "hint.snaplen", notes: []string{"note.short"}},
	{file: "09-php-killed-noU.pcap", want: "======-", advice: "hint.cut", notes: []string{"note.cut"}},
	{file: "10-php-dst-only.pcap", want: "!!=--=-", advice: "hint.oneway.client"},
	{file: "28-php-said-before-second.pcap", want: "=======", notes: []string{"note.alone.yet"}, alone: true},
	{file: "38-our-ipv6-and-4.pcap", want: "======="},
	{file: "42-our-other-says-it.pcap", want: "=====!-", advice: "hint.elsewhere", got: []string{"got.say.elsewhere"}},
	{file: "67-nginx-noupgrade.pcap", want: "=!-----", advice: "hint.proxy", got: []string{"got.upgrade.stripped"}},
	{file: "68-wss-7272.pcap", want: "=!-----", advice: "hint.tls", got: []string{"got.upgrade.tls"}},
	{file: "https_only.pcap", want: "=!-----", advice: "hint.tls.plain", got: []string{"got.upgrade.tls.plain"}},
	{file: "83-pktap.pcap", want: "======="},
	{file: "radiotap.pcap", want: "-------", advice: "hint.monitor"},
	{file: "pktap.pcap", want: "-------", advice: "hint.malformed"},
	{file: "85-ok.pcap.zst", want: "======="},
	{file: "90-edit-length.pcap", want: "=====!=", advice: "hint.altered", got: []string{"got.frame.length"}},
	{file: "90-edit-unmasked-login.pcap", want: "==!====", advice: "hint.altered", got: []string{"got.frame.breaks"}},
	{file: "unmasked.pcap", want: "==!----", advice: "hint.broken-frame", got: []string{"got.frame.breaks"}, notes: []string{"note.closed.reason"}},
	{file: "cv_unmasked_client.pcap", want: "==!----", advice: "hint.broken-frame", got: []string{"got.frame.broken"}, notes: []string{"note.closed"}},
	{file: "cv_upgrade_list.pcap", want: "==---!-", advice: "hint.login"},
	{file: "92-documented-handed-in.pcap", want: "=======", notes: []string{"note.documented"}},
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range cases {
		f, err := os.Open("testdata/cases/" + tt.file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = slices.DeleteFunc(files, func(name string) bool { return filepath.Base(name) == tt.file })
		r, _ := File(t.Context(), f, tt.file, steps.Task{})
		if r == nil || marks(r) != tt.want || r.Advice.Key() != tt.advice || r.Alone != tt.alone {
			t.Errorf("%s: %s, alone %v\n%s", tt.file, marks(r), r.Alone, describe(r))
			continue
		}
		says(t, tt.file, r, tt.got, tt.notes)
	}
	if len(files) > 0 {
		t.Errorf("not among the cases: %q", files)
	}
}

// Packet 31 is somebody else's message, and cut; the newcomer's is 26.
func TestCutMessageIsWhose(t *testing.T) {
	f, err := os.Open("testdata/cases/07-php-s200.pcap")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := File(t.Context(), f, "f", steps.Task{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Steps[6].Packets; !slices.Equal(got, []int{24, 26}) {
		t.Errorf("the message was passed on in the packets %v", got)
	}
}
