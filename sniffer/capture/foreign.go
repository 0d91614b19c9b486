package capture

import (
	"bytes"
	"regexp"
	"strings"
)

// foreigners are formats of files that are handed in for captures, by what they
// begin with, and the key of what to do about them.
var foreigners = []struct{ begins, name, hint string }{
	{"PK\x03\x04", "zip", "format.packed"},
	{"\xfd7zXZ\x00", "xz", "format.packed"},
	{"7z\xbc\xaf\x27\x1c", "7z", "format.packed"},
	{"BZh", "bzip2", "format.packed"},
	{"Rar!", "RAR", "format.packed"},
	{"\x1f\x9d", "compress", "format.packed"},
	{"LZIP", "lzip", "format.packed"},
	{"snoop\x00\x00\x00", "snoop", "format.convert"},
	{"GMBU", "Network Monitor", "format.convert"},
	{"RTSS", "Network Monitor", "format.convert"},
	{"btsnoop\x00", "btsnoop", "format.convert"},
	{"iptrace ", "iptrace", "format.convert"},
	{"\x54\x52\x53\x4e\x49\x46\x46", "Sniffer", "format.convert"},
	{"<!DOCTYPE", "HTML", "format.document"},
	{"<html", "HTML", "format.document"},
	{"<?xml", "XML", "format.document"},
	{"%PDF-", "PDF", "format.document"},
	{"\x89PNG", "PNG", "format.document"},
	{"\xff\xd8\xff", "JPEG", "format.document"},
	{"{", "JSON", "format.document"},
	{"[", "JSON", "format.document"},
}

// printed is how a line of tcpdump's begins.
var printed = regexp.MustCompile(`^(\xef\xbb\xbf)?(\d\d:\d\d:\d\d\.\d+|\d{10}\.\d+|\d{4}-\d\d-\d\d \S+|\s*\d+\s+\d+\.\d+)\s+(IP6?|ARP|\S+ → |\S+\s+(In|Out|M|B|P)\s)`)

// foreign says what a file is that begins with b and is no capture file; errors.Is
// finds ErrFormat in it.
func foreign(b []byte) error {
	if printed.Match(b[:min(len(b), 100)]) {
		return hinted("format.printed", "")
	}
	if len(b) >= 265 && string(b[257:262]) == "ustar" {
		return hinted("format.packed", "tar")
	}
	text := bytes.TrimLeft(b, " \t\r\n")
	for _, f := range foreigners {
		if bytes.HasPrefix(b, []byte(f.begins)) || f.hint == "format.document" && len(text) >= len(f.begins) && strings.EqualFold(string(text[:len(f.begins)]), f.begins) {
			return hinted(f.hint, f.name)
		}
	}
	return ErrFormat
}

func hinted(key, name string) error {
	e := texts.Error("file.format").WithHint(texts.Message(key, "format", name))
	e.Err = ErrFormat
	return e
}
