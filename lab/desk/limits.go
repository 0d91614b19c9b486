package desk

import (
	"net/netip"
	"sync"
)

// Of what is handed in. A class behind one address must fit.
const (
	maxUpload           = 64 << 20 // bytes of a capture
	maxFiles            = 20       // of a seat in a lesson
	maxBytes            = 8 << 30  // in a lesson
	maxBytesOfAddress   = 1 << 30
	maxUploads          = 64 // at a time
	maxUploadsOfAddress = 32
)

// limits bound what is handed in.
type limits struct {
	mu      sync.Mutex
	now     map[netip.Addr]int // uploads
	all     int
	bytes   map[netip.Addr]int64
	written int64
}

// begin counts one more upload from an address. It returns what ends that, or nil if
// there are too many.
func (l *limits) begin(from netip.Addr) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= maxUploads || l.now[from] >= maxUploadsOfAddress {
		return nil
	}
	if l.now == nil {
		l.now, l.bytes = map[netip.Addr]int{}, map[netip.Addr]int64{}
	}
	l.all++
	l.now[from]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all--
		if l.now[from]--; l.now[from] == 0 {
			delete(l.now, from)
		}
	}
}

// take counts bytes, unless they are too many.
func (l *limits) take(from netip.Addr, n int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.written+n > maxBytes || l.bytes[from]+n > maxBytesOfAddress {
		return false
	}
	l.written += n
	l.bytes[from] += n
	return true
}
