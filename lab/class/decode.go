package class

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// signatures are what files begin with that hold a list and are no text.
var signatures = []struct{ begins, name string }{
	{"PK\x03\x04", "XLSX, ODS"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"},
	{"%PDF-", "PDF"},
	{"{\\rtf", "RTF"},
}

// decode gives a file's text: UTF-8 or UTF-16, with a byte order mark or without.
// Bytes that are neither become U+FFFD. The error says what a file is that is no text.
func decode(data []byte) (string, error) {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.begins)) {
			return "", texts.Error("list.spreadsheet", "kind", s.name).WithHint(texts.Message("list.save"))
		}
	}
	encoding := unicode.UTF8
	switch even, odd := zeros(data); {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || odd > even:
		encoding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}) || even > odd:
		encoding = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	text, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return "", err
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return "", texts.Error("list.binary").WithHint(texts.Message("list.save"))
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}

// zeros counts the bytes that are 0, which UTF-8 has none of, at even and at odd
// places: where UTF-16 has them in ASCII tells its byte order.
func zeros(data []byte) (even, odd int) {
	for i, b := range data {
		if b == 0 {
			even, odd = even+1-i%2, odd+i%2
		}
	}
	return even, odd
}
