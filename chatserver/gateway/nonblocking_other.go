//go:build !unix

package gateway

import "net"

// nonblockingWriter writes as much as the socket takes at once.
type nonblockingWriter struct{ deadlineWriter }

func (w *nonblockingWriter) init(conn net.Conn) { w.conn = conn }
