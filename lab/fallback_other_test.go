//go:build !linux

package main

func restricted([]string) bool { return false }
