package class

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// classroom is six students at work on one machine, one after another, and the
// packets of all of them; from and to are where each one's own are.
func classroom(t *testing.T) (all []capture.Packet, from, to []int) {
	s := checktest.New(t)
	s.Jitter = 99
	for i := range 6 {
		task := Assign(secret, fmt.Sprintf("t%d", i))
		from = append(from, len(s.Packets))
		s.Play(checktest.Cast{Today: true, Nick: task.Nick, Message: task.Message, Port: uint16(40000 + i), Alone: true})
		to = append(to, len(s.Packets))
	}
	return s.Packets, from, to
}

func graded(t *testing.T, files map[string][]capture.Packet) map[string]*Grade {
	t.Helper()
	dir := t.TempDir()
	for id, packets := range files {
		write(t, filepath.Join(dir, id+".pcap"), packets)
	}
	g, err := GradeDir(context.Background(), secret, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*Grade{}
	for i := range g.Grades {
		by[g.Grades[i].Student] = &g.Grades[i]
	}
	return by
}

// Students who capture on one machine at one time have each other's packets:
// whether in files of their own length or in equal ones, nobody has copied.
func TestTogetherIsNoCopy(t *testing.T) {
	all, from, to := classroom(t)
	for _, margin := range []int{0, 5, 1000} {
		files := map[string][]capture.Packet{}
		for i := range from {
			files[fmt.Sprintf("t%d", i)] = all[max(0, from[i]-margin*(i+1)):min(len(all), to[i]+margin*(i+2))]
		}
		for student, grade := range graded(t, files) {
			if grade.Points != Of || grade.Alike != nil {
				t.Errorf("margin %d, %s: %d points, like %v", margin, student, grade.Points, grade.Alike)
			}
		}
	}
}

// Who only listened to the others is no copy of one of them; who handed in a
// part of what one of them has is.
func TestBystander(t *testing.T) {
	all, from, to := classroom(t)
	files := map[string][]capture.Packet{"t0": all[:to[2]-3], "t1": all[3:to[1]], "t3": all[:to[3]], "idle": all[5 : to[3]+4], "near": all[from[0]+1 : to[1]], "thief": shifted(all[from[0]:to[1]])}
	by := graded(t, files)
	for _, id := range []string{"idle", "near"} { // near has none but t0's packets, at their time
		if got := by[id]; got.Alike != nil || got.Watched < 2 || got.Flagged() {
			t.Errorf("%s: %v", id, got.notes("en"))
		}
	}
	if got := by["thief"]; got.Alike == nil || got.Alike.Source.Student != "t0" || !got.Flagged() {
		t.Errorf("thief is like %v", got.Alike)
	}
	if got := by["t1"]; got.Alike != nil {
		t.Errorf("t1, whose work is in the thief's capture of another's, is like %v", got.Alike)
	}
}

// Two tasks may have the same nickname.
func TestSameNickIsNoCopy(t *testing.T) {
	byNick := map[string]string{}
	for i := range 5000 {
		id := fmt.Sprintf("n%d", i)
		nick := Assign(secret, id).Nick
		other, ok := byNick[nick]
		if !ok {
			byNick[nick] = id
			continue
		}
		for student, grade := range graded(t, map[string][]capture.Packet{id: captured(t, Assign(secret, id), 1), other: captured(t, Assign(secret, other), 2)}) {
			if grade.Alike != nil {
				t.Errorf("%s is like %v", student, grade.Alike)
			}
		}
		return
	}
	t.Error("no two have the same nickname")
}

// A connection's IP ids count up from a 16-bit number: of two hundred students
// some have the same.
func TestSameIDsOfOneSideAreChance(t *testing.T) {
	var signs [2][]sign
	for i := range signs {
		s := checktest.New(t)
		s.Jitter = uint64(i + 1)
		n := s.Conn(uint16(41000 + i))
		n.Open()
		s.ID = 1000
		for range 4 {
			n.Ack(dissect.Client)
		}
		s.ID = uint16(20000 * (i + 1))
		n.Ack(dissect.Server)
		n.Ack(dissect.Server)
		var c evidence.Capture
		for j := range s.Packets[3:] {
			c.Add(&s.Packets[3+j])
		}
		prints := newFingerprint(&c)
		signs[i] = prints.signs(c.Conversations[0].Client)
	}
	for _, s := range signs[0] {
		if slices.Contains(signs[1], s) && s.kind == SameIDs {
			t.Error("the ids of one side alone make a copy")
		}
	}
}

// However a copy was cut and saved again, something of it is still the other's.
func TestCopiesAreFlagged(t *testing.T) {
	honest := captured(t, Assign(secret, "ann"), 1)
	for name, change := range map[string]func([]capture.Packet) []capture.Packet{
		"shifted":   shifted,
		"begun":     func(p []capture.Packet) []capture.Packet { return p[len(p)-16:] },
		"cut short": func(p []capture.Packet) []capture.Packet { return short(p, 66) },
		"data only": func(p []capture.Packet) []capture.Packet {
			return slices.DeleteFunc(slices.Clone(p), func(p capture.Packet) bool {
				var s dissect.Segment
				return s.Decode(&p) != nil || s.Length == 0
			})
		},
		"microseconds": func(p []capture.Packet) []capture.Packet {
			p = short(p, 66)
			for i := range p {
				p[i].Time = p[i].Time.Truncate(time.Microsecond)
			}
			return p
		},
	} {
		by := graded(t, map[string][]capture.Packet{"ann": honest, "copy": change(honest)})
		if !by["copy"].Flagged() || by["ann"].Flagged() || by["ann"].Alike == nil {
			t.Errorf("%s: like %v", name, by["copy"].Alike)
		}
	}
}

func short(packets []capture.Packet, snaplen int) []capture.Packet {
	packets = slices.Clone(packets)
	for i := range packets {
		packets[i].Data = packets[i].Data[:min(snaplen, len(packets[i].Data))]
	}
	return packets
}
