package gateway

import "time"

// bucket counts a client's messages: so many a second on average, twice as many
// at once.
type bucket struct {
	perSecond int // 0: any number
	// full is when, on the clock of Session.heard, all taken will be back.
	full int64
}

func (b *bucket) take(now int64) bool {
	if b.perSecond == 0 {
		return true
	}
	b.full = max(b.full, now) + int64(time.Second)/int64(b.perSecond)
	return b.full-now <= int64(2*time.Second)
}
