//go:build !linux

package main

// givePrivilegesUp has nothing to give up where nothing is captured.
func (c *config) givePrivilegesUp(bool) error { return nil }
