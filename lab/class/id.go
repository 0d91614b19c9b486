package class

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// Fold gives what all spellings of one student's id have in common: those that a
// file system may take for the same name, and a keyboard may make of it. Blanks
// around it, upper and lower case, and characters that are composed or not
// (Unicode NFC, UAX #15) do not count.
func Fold(id string) string {
	// Again at the end: J̌ has no composed character, and ǰ has one.
	return norm.NFC.String(strings.ToLower(tidy(id)))
}

// tidy gives an id as it is shown.
func tidy(id string) string { return norm.NFC.String(strings.TrimSpace(id)) }

// maxID is how long an id may be, in bytes: file systems take names of 143 (eCryptfs)
// or 255, and a platform that collects files puts its own words around the id.
const maxID = 100

var (
	// Devices of Windows, with an extension too (learn.microsoft.com, "Naming Files,
	// Paths, and Namespaces").
	device = regexp.MustCompile(`(?i)^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)`)
	// A number of many digits as a spreadsheet shows it, and writes it.
	rounded = regexp.MustCompile(`^[0-9][.,][0-9]+E\+[0-9]+$`)
)

// unfit says why an id, once tidy, cannot be one that names a capture file on every
// system; zero if it can.
func unfit(id string) catalogue.Message {
	shown := layout.Quote(id, 40)
	say := func(key string, args ...any) catalogue.Message {
		return texts.Message(key, append(args, "id", shown)...)
	}
	switch {
	case id == "":
		return texts.Message("id.none")
	case !utf8.ValidString(id) || strings.ContainsRune(id, utf8.RuneError):
		return say("id.bytes")
	case len(id) > maxID:
		return say("id.long", "most", maxID)
	case strings.ContainsFunc(id, unseen):
		return say("id.unseen")
	case strings.ContainsAny(id, `/\:*?"<>|`):
		return say("id.sign", "sign", string(id[strings.IndexAny(id, `/\:*?"<>|`)]))
	case strings.HasPrefix(id, ".") || strings.HasSuffix(id, "."):
		return say("id.point")
	case device.MatchString(id):
		return say("id.device")
	case rounded.MatchString(id):
		return say("id.rounded")
	}
	return catalogue.Message{}
}

// unseen tells a character that nobody sees: a control character, a line's or a
// paragraph's separator, or a formatting character other than the joiners that
// scripts are written with.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Cf) && !unicode.Is(unicode.Join_Control, r)
}
