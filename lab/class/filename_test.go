package class

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestIsCapture(t *testing.T) {
	for _, file := range []string{"ann.pcap", "x.y.pcapng", "Bob.PCAP.GZ", "c.pcapng.gz", "d.pcap.zst", "e.pcapng.LZ4", "f.cap", "g.cap.gz", "h.pcap.pcap", "i.pcapng.pcap.gz"} {
		if !IsCapture(file) {
			t.Errorf("%s is one", file)
		}
	}
	for _, file := range []string{"notes.txt", ".pcap", "d.pcap.zip", "pcap", "e.gz"} {
		if IsCapture(file) {
			t.Errorf("%s is none", file)
		}
	}
}

// Without a class list a folder or a file is the student's.
func TestStudent(t *testing.T) {
	for file, want := range map[string]string{
		"ann.pcap": "ann", "x.y.pcapng": "x.y", "Bob.PCAP.GZ": "Bob", "f.cap.gz": "f", "h.pcap.pcap": "h",
		"ann (1).pcap": "ann", "ann(12).pcap": "ann", "ann - Copy.pcap": "ann", "ann - Copie (2).pcap": "ann", "(1).pcap": "(1)",
		"student-1.pcap": "student-1", "tp_1_2_zoe.pcap": "tp_1_2_zoe",
		"zoe/chatlab.pcap": "zoe", "zoe/tp/a.pcap.gz": "zoe", "zoe.pcap/a.pcap": "zoe.pcap",
		"Zoé Durand_12345_assignsubmission_file_/chatlab.pcap": "Zoé Durand",
		"Zoé Durand_12345_assignsubmission_file_chatlab.pcap":  "Zoé Durand",
		"lab_1_zoe_attempt_2026-11-01-10-00-00_chatlab.pcap":   "zoe",
		norm.NFD.String("zoé.pcap"):                            "zoé",
		"zo\xe9.pcap":                                          "zo%E9",
	} {
		if got := Student(file); got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

// Two students of one name, or of none, are two.
func TestNamesakes(t *testing.T) {
	files := []string{
		"Participant_12_assignsubmission_file_/a.pcap", "Participant_12_assignsubmission_file_/b.pcap", "Participant_34_assignsubmission_file_/a.pcap",
		"Zoé Durand_56_assignsubmission_file_a.pcap", "bob.pcap",
	}
	student := students(files)
	for i, want := range []string{"Participant 12", "Participant 12", "Participant 34", "Zoé Durand", "bob"} {
		if got := student(files[i]); got != want {
			t.Errorf("%s: got %q, want %q", files[i], got, want)
		}
	}
}

// With one its ids are found in names, and what is not sure is not guessed.
func TestWho(t *testing.T) {
	const nobody = ""
	for _, tt := range []struct{ list, file, want string }{
		{"zoe bob", "zoe.pcap", "zoe"},
		{"zoe bob", "ZOE.pcapng.gz", "zoe"},
		{"zoé bob", norm.NFD.String("zoé.pcap"), "zoé"},
		{"zoé bob", norm.NFD.String("tp zoé 2.pcap"), "zoé"},
		{"zoe bob", norm.NFD.String("zoé.pcap"), nobody},
		{"zoe bob", "zoe (1).pcap", "zoe"},
		{"zoe bob", "zoe-1.pcap", "zoe"},
		{"zoe 1", "zoe-1.pcap", "zoe"},
		{"zoe zoe-1", "zoe-1.pcap", "zoe-1"},
		{"student-1 student-11", "student-1-1.pcap", "student-1"},
		{"student-1 student-11", "lab student-1.pcap", "student-1"},
		{"student-1 student-11", "student-11.pcap", "student-11"},
		{"1 2 12", "chatlab (1).pcap", nobody},
		{"1 2 12", "chatlab-2.pcap", nobody},
		{"1 2 12", "12.pcap", "12"},
		{"zoe bob", "zoey.pcap", nobody},
		{"zoe bob", "zoe2.pcap", nobody},
		{"zoe bob", "chatlab.pcap", nobody},
		{"ann ann-marie", "tp_ann-marie.pcap", "ann-marie"},
		{"ann ann-marie", "tp_ann.pcap", "ann"},
		{"marie ann-marie", "tp_ann-marie.pcap", "ann-marie"},
		{"zoe robert", "zoe_robert.pcap", "zoe robert"},
		{"a-b b-c", "a-b-c.pcap", "a-b b-c"},
		{"zoe bob", "zoe/chatlab.pcap", "zoe"},
		{"zoe bob", "group 1/bob/x.pcap", "bob"},
		{"zoe bob", "group 1/bob.pcap", "bob"},
		{"zoe bob", "zoe/bob.pcap", "zoe"},
		{"zoe.durand,bob", "Durand Zoe_12345_assignsubmission_file_/zoe.durand.pcap", "zoe.durand"},
		{"Zoé Durand,bob", "Zoé Durand_12345_assignsubmission_file_/chatlab.pcap", "Zoé Durand"},
		{"Zoé Durand,bob", "Zoé Durand_12345_assignsubmission_file_bob.pcap", "Zoé Durand"},
		{"12345 678", "Zoé Durand_12345_assignsubmission_file_/678.pcap", "12345"},
		{"doezoe bob", "doezoe_12345_67890_chatlab.pcap", "doezoe"},
		{"doezoe bob", "doezoe_LATE_12345_67890_chatlab-1.pcap", "doezoe"},
		{"doezoe bob", "doezoe_LATE_12345_67890_bob.pcap", "doezoe"},
		{"Doe Zoé,bob", "doezoé_12345_67890_chatlab.pcap", "Doe Zoé"},
		{"12345 bob", "doezoe_12345_67890_chatlab.pcap", "12345"},
		{"Do-e,Doe", "doe_12345_67890_chatlab.pcap", "Doe"},
		{"Do-e,D-oe", "doe_12345_67890_chatlab.pcap", nobody},
		{"zoe bob", "doezoe_12345_67890_bob.pcap", "bob"},
		{"zoe bob", "Lab 1_zoe_attempt_2026-11-01-10-00-00_chatlab.pcap", "zoe"},
		{"zoe bob", "Lab 1_zoe_attempt_2026-11-01-10-00-00_bob.pcap", "zoe"},
		{"张三 张三丰", "张三.pcap", "张三"},
		{"张三 张三丰", "张三丰.pcap", "张三丰"},
		{"张三 2024001", "2024001抓包.pcap", "2024001"},
		{"zoe bob", "zo\xe9.pcap", nobody},
		{"zdurand bob", "Durand_Zoe_zdurand_1234/chatlab.pcap", "zdurand"},
		{"12345 bob", "Participant_12345_assignsubmission_file_/chatlab.pcap", "12345"},
	} {
		separator := " "
		if strings.Contains(tt.list, ",") {
			separator = ","
		}
		list := NewRoster(strings.Split(tt.list, separator))
		if got := strings.Join(newFinder(list).who(tt.file), " "); got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.file, tt.list, got, tt.want)
		}
	}
}

// Whatever a file is called, it has a student, and those found are on the list.
func FuzzWho(f *testing.F) {
	for _, file := range []string{
		"zoe.pcap", "Zoé Durand_12345_assignsubmission_file_/chatlab (1).pcap.gz", "doezoe_LATE_12345_67890_chatlab-1.cap",
		"lab_zoe_attempt_2026-11-01-10-00-00_.pcap", "a-b-c/张三1.pcap", "\xff\xfe/.pcap", "(1).pcap", "_1_1_.pcap", "́.pcap",
	} {
		f.Add("zoe\ndoezoe\na-b\nb-c\n张三\n1", file)
	}
	f.Fuzz(func(t *testing.T, list, file string) {
		if len(list) > 1000 || len(file) > 1000 {
			t.Skip("longer than a file system has it")
		}
		roster := NewRoster(strings.Split(list, "\n"))
		who := newFinder(roster).who(file)
		for i, id := range who {
			if !slices.Contains(roster.IDs, id) || slices.Contains(who[:i], id) {
				t.Errorf("%q of %q: %q", file, roster.IDs, who)
			}
		}
		if id := Student(file); !utf8.ValidString(id) {
			t.Errorf("%q is %q's", file, id)
		}
		if name := PageName(secret, file); strings.ToLower(name) != name || strings.ContainsFunc(name, func(r rune) bool { return r > 'z' || strings.ContainsRune("/\\:", r) }) {
			t.Errorf("%q has the page %q", file, name)
		}
	})
}
