//go:build !linux

package gateway

import "net"

func setUserTimeout(net.Conn) {}
