package tcp

// Distance gives how many bytes sequence number b is behind a, counted modulo
// 2^32; it is negative where b comes first (RFC 9293 §3.4).
func Distance(a, b uint32) int { return int(int32(b - a)) }

// Before tells whether sequence number a comes before b.
func Before(a, b uint32) bool { return Distance(a, b) > 0 }
