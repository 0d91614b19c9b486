package chat

import (
	"sync"
	"time"
)

// ids allocates members' numbers, in one hub and those that come after it. No two
// members have the same at a time.
type ids struct {
	mu     sync.Mutex
	used   map[int64]struct{}
	last   int64 // the last uid that had to be moved
	serial uint32
}

func (i *ids) allocate(now time.Time) Person {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.used == nil {
		i.used = make(map[int64]struct{})
	}
	uid := UID(now)
	if _, ok := i.used[uid]; ok || uid == 0 { // 0 stands for nobody
		// The search goes on behind the last uid that was moved. Otherwise
		// thousands of handshakes in one hundredth of a second would each search
		// from the start.
		uid = max(uid, i.last) + 1
		for {
			if _, ok := i.used[uid]; !ok {
				break
			}
			uid++
		}
		i.last = uid
	}
	i.used[uid] = struct{}{}
	i.serial++
	if i.serial == 0 { // 2³² connections later
		i.serial++
	}
	return Person{UID: uid, Serial: i.serial}
}

func (i *ids) release(p Person) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.used, p.UID)
}

func (i *ids) size() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.used)
}

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
