package class

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

// handedIn grades captures by the students' ids; list, if not nil, is the class.
func handedIn(t *testing.T, list []string, files map[string][]capture.Packet) *Grading {
	t.Helper()
	dir := t.TempDir()
	for id, packets := range files {
		write(t, filepath.Join(dir, id+".pcap"), packets)
	}
	o := Options{}
	if list != nil {
		o.List = NewRoster(list)
	}
	g, err := GradeDir(context.Background(), secret, dir, &o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// flagged gives the students whose captures are flagged.
func flagged(g *Grading) (all []string) {
	for i := range g.Grades {
		if g.Grades[i].Flagged() {
			all = append(all, g.Grades[i].Student)
		}
	}
	return all
}

// moved gives packets as if recorded by another clock, each a bit later or earlier.
func moved(packets []capture.Packet, seed uint64, by time.Duration) []capture.Packet {
	packets = slices.Clone(packets)
	for i := range packets {
		seed = seed*6364136223846793005 + 1442695040888963407
		packets[i].Time = packets[i].Time.Add(by + time.Duration(seed>>33%40000)*time.Microsecond/1000*25)
	}
	return packets
}

// nobodys makes the capture of who took a nickname that was given to nobody.
func nobodys(t testing.TB, n int) []capture.Packet {
	return captured(t, Task{Nick: "teacher", Message: "hello"}, n)
}

// Those who share packets are one group, and whose the packets are is told as far as it
// shows: the owner of the task is not flagged, in or out of the group.
func TestWhoseTheyAre(t *testing.T) {
	zoe := captured(t, Assign(secret, "zoe"), 1)
	own := func(id string, n int) []capture.Packet { return captured(t, Assign(secret, id), n) }
	half := Assign(secret, "zoe")
	half.Message = "something else"
	nick := captured(t, half, 4)
	teacher := nobodys(t, 6)
	for _, tt := range []struct {
		name    string
		list    []string
		files   map[string][]capture.Packet
		members []string
		source  Source
		flagged []string
	}{
		{"nothing shared", nil, map[string][]capture.Packet{"zoe": zoe, "ann": own("ann", 2)}, nil, Source{}, nil},
		{"copies", nil, map[string][]capture.Packet{"zoe": zoe, "ann": zoe, "ben": shifted(zoe), "cy": own("cy", 3)},
			[]string{"ann", "ben", "zoe"}, Source{"zoe", ByTask, true, false}, []string{"ann", "ben"}},
		{"the owner's is another", nil, map[string][]capture.Packet{"zoe": own("zoe", 5), "ann": zoe, "ben": zoe},
			[]string{"ann", "ben"}, Source{"zoe", ByTask, false, false}, []string{"ann", "ben"}},
		{"the owner handed in none", []string{"ann", "ben", "zoe"}, map[string][]capture.Packet{"ann": zoe, "ben": zoe},
			[]string{"ann", "ben"}, Source{"zoe", ByTask, false, true}, []string{"ann", "ben"}},
		{"the nickname alone", nil, map[string][]capture.Packet{"zoe": nick, "ann": nick},
			[]string{"ann", "zoe"}, Source{"zoe", ByNick, true, false}, []string{"ann"}},
		{"the message alone", nil, map[string][]capture.Packet{"zoe": zoe[len(zoe)-8:], "ann": zoe[len(zoe)-8:]},
			[]string{"ann", "zoe"}, Source{"zoe", ByMessage, true, false}, []string{"ann"}},
		{"nobody's, one with more", nil, map[string][]capture.Packet{"zoe": teacher, "ann": teacher[6:]},
			[]string{"ann", "zoe"}, Source{"zoe", ByMore, true, false}, []string{"ann", "zoe"}},
		{"nobody's, one earlier", nil, map[string][]capture.Packet{"zoe": shifted(teacher), "ann": shifted(teacher), "ben": teacher},
			[]string{"ann", "ben", "zoe"}, Source{"ben", ByTimes, true, false}, []string{"ann", "ben", "zoe"}},
		{"nobody's", nil, map[string][]capture.Packet{"zoe": teacher, "ann": teacher},
			[]string{"ann", "zoe"}, Source{Why: Unknown}, []string{"ann", "zoe"}},
		{"another's task, packets of one's own", nil, map[string][]capture.Packet{"zoe": zoe, "ann": own("zoe", 7)},
			nil, Source{}, []string{"ann"}},
		{"a machine that two share", nil, map[string][]capture.Packet{"zoe": zoe, "ann": append(slices.Clone(zoe), nobodys(t, 8)...)},
			nil, Source{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := handedIn(t, tt.list, tt.files)
			if got := flagged(g); !slices.Equal(got, tt.flagged) {
				t.Errorf("flagged are %v, want %v", got, tt.flagged)
			}
			if tt.members == nil {
				if len(g.Groups) > 0 {
					t.Errorf("got %+v", g.Groups[0])
				}
				return
			}
			if len(g.Groups) != 1 || !slices.Equal(g.Groups[0].Members, tt.members) || g.Groups[0].Source != tt.source {
				t.Fatalf("%d groups: %s", len(g.Groups), shown(t, g, "en"))
			}
			for _, lang := range catalogue.Langs {
				said := g.Groups[0].Message().In(lang)
				var sheet bytes.Buffer
				if err := g.CSV(&sheet, lang, ','); err != nil {
					t.Fatal(err)
				}
				rows, err := csv.NewReader(&sheet).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				in := slices.IndexFunc(rows, func(row []string) bool { return row[0] == tt.members[0] })
				if !strings.Contains(rows[in][len(rows[in])-1], said) {
					t.Errorf("%s: not said: %s", lang, said)
				}
				// Once for all of the group.
				if table := strings.Join(strings.Fields(shown(t, g, lang)), ""); strings.Count(table, strings.Join(strings.Fields(said), "")) != 1 {
					t.Errorf("%s: not said once: %s\n%s", lang, said, table)
				}
			}
		})
	}
}

// Nicknames of two students in one conversation, one of them written over the other.
func TestSeveralOwners(t *testing.T) {
	zoe, ann := Assign(secret, "zoe"), Assign(secret, "ann")
	longer := max(len(zoe.Nick), len(ann.Nick))
	scene := func(nick string) []capture.Packet {
		return captured(t, Task{Nick: nick, Message: strings.Repeat("x", 40-len(nick)+longer)}, 1)
	}
	g := handedIn(t, nil, map[string][]capture.Packet{"zoe": scene(zoe.Nick), "ann": scene(ann.Nick)})
	if len(g.Groups) != 1 || g.Groups[0].Source.Why != Several || len(flagged(g)) != 2 {
		t.Errorf("got\n%s", shown(t, g, "en"))
	}
}

// A program that takes the same keys each time is no copy, and its packets are others.
func TestFixedKeys(t *testing.T) {
	files := map[string][]capture.Packet{}
	for i, id := range []string{"ann", "ben"} {
		s := checktest.New(t)
		s.Jitter = 4
		s.Pass(time.Duration(i) * time.Hour)
		s.ID += uint16(900 * i)
		task := Assign(secret, id)
		s.Play(checktest.Cast{Nick: task.Nick, Message: task.Message, Port: uint16(41000 + i), Alone: true})
		files[id] = moved(s.Packets, uint64(i+1), 0)
	}
	g := handedIn(t, nil, files)
	if len(g.Groups) != 1 || !g.Groups[0].Fixed || len(flagged(g)) > 0 || !slices.Equal(g.Groups[0].Shared, []Shared{{SameMasks, 0}}) {
		t.Errorf("got\n%s", shown(t, g, "en"))
	}
}

// A group of many names some and counts the rest.
func TestLargeGroup(t *testing.T) {
	files := map[string][]capture.Packet{}
	zoe := captured(t, Assign(secret, "zoe"), 1)
	for i := range 40 {
		files[fmt.Sprintf("s%02d", i)] = zoe
	}
	files["zoe"] = zoe
	g := handedIn(t, nil, files)
	if len(g.Groups) != 1 || len(g.Groups[0].Members) != 41 {
		t.Fatalf("%d groups", len(g.Groups))
	}
	for _, lang := range catalogue.Langs {
		said := g.Groups[0].Message().In(lang)
		if !strings.Contains(said, "s19") || strings.Contains(said, "s20") || !strings.Contains(said, "21") {
			t.Errorf("%s: %s", lang, said)
		}
	}
}

// A class that captured one room, each for itself, is no group: whether each did their
// task in it, some did, or nobody's nickname was taken.
func TestOneRoom(t *testing.T) {
	const students = 30
	ids := make([]string, students)
	s := checktest.New(t)
	s.Jitter = 5
	for i := range ids {
		ids[i] = fmt.Sprintf("t%02d", i)
		task := Assign(secret, ids[i])
		s.Play(checktest.Cast{Today: true, Nick: task.Nick, Message: task.Message, Port: uint16(40000 + i), Alone: true})
	}
	all, demonstration := s.Packets, nobodys(t, 9)
	window := func(packets []capture.Packet, i int) []capture.Packet {
		return packets[i*7%5 : len(packets)-i*3%4]
	}
	for name, file := range map[string]func(i int) []capture.Packet{
		"all did their tasks, one file":           func(int) []capture.Packet { return all },
		"all did their tasks, each from the desk": func(i int) []capture.Packet { return window(all, i) },
		"some were idle":                          func(i int) []capture.Packet { return window(all[:len(all)/2], i) },
		"some were idle, one file":                func(int) []capture.Packet { return all[:len(all)/2] },
		"a demonstration":                         func(i int) []capture.Packet { return window(demonstration, i) },
		"a demonstration, one file":               func(int) []capture.Packet { return demonstration },
		"a demonstration, clocks of their own":    func(i int) []capture.Packet { return moved(demonstration, uint64(i), time.Duration(i)*time.Second) },
	} {
		files := map[string][]capture.Packet{}
		for i, id := range ids {
			files[id] = file(i)
		}
		g := handedIn(t, nil, files)
		for _, group := range g.Groups {
			t.Errorf("%s: %s", name, group.Message().In("en"))
		}
		if got := flagged(g); len(got) > 0 {
			t.Errorf("%s: flagged are %v", name, got)
		}
		if strings.HasPrefix(name, "a demonstration") && !strings.HasSuffix(name, "own") && g.Grades[3].Shown != students {
			t.Errorf("%s: shown to %d", name, g.Grades[3].Shown)
		}
		if strings.HasPrefix(name, "some") && g.Grades[students-1].Watched != students/2 {
			t.Errorf("%s: %d watched", name, g.Grades[students-1].Watched)
		}
	}
}

// Whoever recorded the same packets by a clock of their own has copied no file.
func TestRecordedApart(t *testing.T) {
	teacher := nobodys(t, 6)
	for name, tt := range map[string]struct {
		other []capture.Packet
		apart bool
	}{
		"another clock":     {moved(teacher, 3, 40*time.Millisecond), true},
		"the times shifted": {shifted(teacher), false},
	} {
		if g := handedIn(t, nil, map[string][]capture.Packet{"ann": teacher, "ben": tt.other}); (len(g.Groups) == 0) != tt.apart {
			t.Errorf("%s: got\n%s", name, shown(t, g, "en"))
		}
	}
	// Each has packets around them that the other has not. Then a third, who has none
	// but theirs, may have recorded them, too.
	before, after := captured(t, Task{Nick: "x", Message: "y"}, 5), captured(t, Task{Nick: "z", Message: "z"}, 7)
	around := slices.Concat(before, teacher, after)
	from, to := len(before), len(before)+len(teacher)
	g := handedIn(t, nil, map[string][]capture.Packet{"ann": around[from-4 : to], "ben": around[from : to+4], "cy": around[from-2 : to]})
	if len(g.Groups) > 0 {
		t.Errorf("got\n%s", shown(t, g, "en"))
	}
}
