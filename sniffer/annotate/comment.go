package annotate

import (
	"embed"
	"io/fs"
	"strings"
	"unicode"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has every sentence that a comment may say.
var texts = func() catalogue.Catalogue {
	sub, err := fs.Sub(textFiles, "texts")
	if err != nil {
		panic("annotate: " + err.Error())
	}
	return catalogue.Must(sub)
}()

// Step is what part of a chat's life a packet belongs to.
type Step string

// The steps, in the order in which a chat goes through them.
const (
	Handshake       Step = "tcp-handshake"
	Upgrade         Step = "upgrade"
	Login           Step = "login"
	Members         Step = "members"
	LoginBroadcast  Step = "login-broadcast"
	Say             Step = "say"
	SayBroadcast    Step = "say-broadcast"
	LogoutBroadcast Step = "logout-broadcast"
	Heartbeat       Step = "heartbeat"
	Closing         Step = "close"
	Other           Step = "other"
)

// Comment says what a packet is, in no language yet.
type Comment struct {
	Step  Step
	Ack   bool // nothing but an acknowledgement of the step's packet
	title sentence
	lines []sentence
}

// sentence is a catalogue's key and its arguments: name, value, name, value. A
// value that is a sentence is given in the comment's language.
type sentence struct {
	key  string
	args []any
}

func (s sentence) in(lang catalogue.Lang) string {
	args := make([]string, len(s.args))
	for i, a := range s.args {
		switch a := a.(type) {
		case sentence:
			args[i] = a.in(lang)
		case string:
			args[i] = a
		}
	}
	return strings.TrimSpace(texts.Text(lang, s.key, args...))
}

// Title is the comment's first line: the step, and who sends to whom.
func (c *Comment) Title(lang catalogue.Lang) string { return c.title.in(lang) }

// Lines are the sentences below the title.
func (c *Comment) Lines(lang catalogue.Lang) []string {
	lines := make([]string, len(c.lines))
	for i, s := range c.lines {
		lines[i] = s.in(lang)
	}
	return lines
}

func (c *Comment) say(key string, args ...any) {
	c.lines = append(c.lines, sentence{key, args})
}

// maxQuoted bounds a quotation from a packet, in characters.
const maxQuoted = 400

// quote makes text from a packet fit to be shown: control characters, which
// could drive a terminal, and what would reverse or hide other text become
// \u{…}; what is longer than a comment should be ends in "…".
func quote(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxQuoted {
			b.WriteString("…")
			break
		}
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200D, unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			b.WriteString(`\u{`)
			const digits = "0123456789abcdef"
			started := false
			for shift := 20; shift >= 0; shift -= 4 {
				if d := r >> shift & 15; d != 0 || started || shift == 0 {
					b.WriteByte(digits[d])
					started = true
				}
			}
			b.WriteByte('}')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
