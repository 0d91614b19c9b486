package chat

import "time"

// ids gives out members' numbers, none twice at a time.
type ids struct {
	taken  map[int64]struct{}
	last   int64 // the last uid that had to be moved
	serial uint32
}

func (i *ids) take(now time.Time) Person {
	if i.taken == nil {
		i.taken = make(map[int64]struct{})
	}
	uid := UID(now)
	if _, ok := i.taken[uid]; ok || uid == 0 { // 0 stands for nobody
		// The next free one after those that were moved before, so that
		// thousands of handshakes in one hundredth of a second cost no search.
		uid = max(uid, i.last) + 1
		for {
			if _, ok := i.taken[uid]; !ok {
				break
			}
			uid++
		}
		i.last = uid
	}
	i.taken[uid] = struct{}{}
	i.serial++
	if i.serial == 0 { // 2³² connections later
		i.serial++
	}
	return Person{UID: uid, Serial: i.serial}
}

func (i *ids) free(p Person) { delete(i.taken, p.UID) }

// UID returns the number that the server of 2014 gave to who shook hands at t:
// of the text of PHP's microtime(true) the characters 3 to 12, times 100.
//
// With 14 digits of precision that text is 10 digits of seconds since 1970, a
// point and up to 4 decimals, rounded, trailing zeros left out: 1407837000.5359.
// The 10 characters from the fourth on are then 7 digits, the point and 2
// decimals, cut; with fewer decimals the text is shorter and its value still the
// same. So 1407837000.53 gives 783700053.
func UID(t time.Time) int64 {
	tenthMillis := (t.UnixNano() + 50_000) / 100_000
	return tenthMillis / 100 % 1_000_000_000
}
