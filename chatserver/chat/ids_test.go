package chat

import (
	"testing"
	"time"
)

// What PHP printed: php -r 'ini_set("precision", 14); echo substr((string)$t, 3, 10) * 100;'
func TestUID(t *testing.T) {
	for _, c := range []struct {
		nano int64
		uid  int64
	}{
		{1407837000_530000000, 783700053},
		{1407837000_535900000, 783700053},
		{1407837000_539940000, 783700053},
		{1407837000_539960000, 783700054}, // the text has .54
		{1407837000_999960000, 783700100}, // the text is 1407837001
		{1407837000_500000000, 783700050},
		{1407837000_000000000, 783700000},
		{1400000000_010000000, 1},
		{1407836541_640000000, 783654164},
	} {
		if got := UID(time.Unix(0, c.nano)); got != c.uid {
			t.Errorf("UID at %d ns = %d, want %d", c.nano, got, c.uid)
		}
	}
}

func TestNumbersAreUnique(t *testing.T) {
	var i ids
	now := time.Unix(1407837000, 530000000)
	seen := make(map[int64]bool)
	var all []Person
	for range 5000 {
		p := i.allocate(now)
		if seen[p.UID] {
			t.Fatalf("uid %d twice", p.UID)
		}
		seen[p.UID] = true
		all = append(all, p)
	}
	if all[0].UID != 783700053 || all[1].UID != 783700054 || all[4999].Serial != 5000 {
		t.Errorf("%+v, %+v, %+v", all[0], all[1], all[4999])
	}
	for _, p := range all {
		i.release(p)
	}
	if len(i.used) != 0 {
		t.Errorf("%d numbers left behind", len(i.used))
	}
	if p := i.allocate(now); p.UID != 783700053 {
		t.Errorf("a free number is not given again: %d", p.UID)
	}
}
