//go:build !linux

package listen

// listeningProcess names the process that listens on a port, on Linux only.
func listeningProcess(uint16) string { return "" }
