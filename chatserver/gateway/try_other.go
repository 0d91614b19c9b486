//go:build !unix

package gateway

import "net"

// trier writes as much as the socket takes at once.
type trier struct{ portableTrier }

func (t *trier) init(conn net.Conn) { t.conn = conn }
