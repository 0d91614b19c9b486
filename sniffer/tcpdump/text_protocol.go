package tcpdump

import "strings"

// A textProtocol is one whose messages are lines of text.
type textProtocol struct {
	name string // in lower case: it is the truncation mark's too
	caps string
	// commands start a request; nil takes every segment for one or a response.
	commands []string
	// A response's code is its second word, as in HTTP.
	codeSecond bool
}

var (
	textHTTP = textProtocol{"http", "HTTP", []string{
		"GET", "PUT", "COPY", "HEAD", "LOCK", "MOVE", "POLL", "POST", "BCOPY", "BMOVE", "MKCOL",
		"TRACE", "LABEL", "MERGE", "DELETE", "SEARCH", "UNLOCK", "REPORT", "UPDATE", "NOTIFY",
		"BDELETE", "CONNECT", "OPTIONS", "CHECKIN", "PROPFIND", "CHECKOUT", "CCM_POST",
		"SUBSCRIBE", "PROPPATCH", "BPROPFIND", "BPROPPATCH", "UNCHECKOUT", "MKACTIVITY",
		"MKWORKSPACE", "UNSUBSCRIBE", "RPC_CONNECT", "VERSION-CONTROL", "BASELINE-CONTROL",
	}, true}
	textRTSP = textProtocol{"rtsp", "RTSP", []string{
		"OPTIONS", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER",
		"SET_PARAMETER", "REDIRECT", "RECORD",
	}, true}
	textFTP   = textProtocol{name: "ftp", caps: "FTP"}
	textSMTP  = textProtocol{name: "smtp", caps: "SMTP"}
	textWhois = textProtocol{name: "whois", caps: "WHOIS"}
)

// text prints the first line of a message, with -v all its lines
// (txtproto_print in util-print.c).
func (f *formatter) text(p *textProtocol, b []byte, length uint32) {
	f.str(": ").str(p.caps)
	f.proto = p.name
	if p.commands != nil && !p.startsMessage(b, length) {
		return
	}
	if f.opt.Verbose == 0 {
		f.textLine(": ", b, length)
		return
	}
	f.str(", length: ").uint(length)
	for length > 0 {
		n := f.textLine("\n\t", b, length)
		if n == 0 {
			return
		}
		b, length = b[n:], length-uint32(n)
	}
}

// startsMessage reports whether b starts with a known command, or with a
// three-digit code where a response has it.
func (p *textProtocol) startsMessage(b []byte, length uint32) bool {
	cut := len(b) < int(length)
	b = b[:min(len(b), int(length))]
	word, rest := nextWord(b, cut)
	if word == nil {
		return false
	}
	for _, c := range p.commands {
		if strings.EqualFold(string(word), c) {
			return true
		}
	}
	if p.codeSecond {
		word, _ = nextWord(rest, cut)
	}
	return len(word) == 3 && isDigit(word[0]) && isDigit(word[1]) && isDigit(word[2])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// nextWord returns b's first word, nil if there is none of sensible length and
// characters, and what follows the spaces behind it. If b is cut a word that
// reaches its end may go on.
func nextWord(b []byte, cut bool) (word, rest []byte) {
	const most = 128
	n := 0
	for n < len(b) {
		c := b[n]
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			break
		}
		if c < ' ' || c >= 0x7f || n >= most {
			return nil, nil
		}
		n++
	}
	if n == 0 || n == len(b) && cut {
		return nil, nil
	}
	rest = b[n:]
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	return b[:n], rest
}

// textLine prints prefix and a line if it is text, and returns the index of
// what follows it: 0 if there is no line end.
func (f *formatter) textLine(prefix string, b []byte, length uint32) (next int) {
	end, next := f.lineEnd(b, length, '\t')
	if end >= 0 {
		f.line(prefix, b[:end])
		if next == 0 {
			f.trunc()
		}
	}
	return next
}

// lineEnd returns where the line at the start of b ends and what follows it
// begins: length and 0 if there is no line end. end is -1 where a byte is neither
// text nor the control character tab.
func (f *formatter) lineEnd(b []byte, length uint32, tab byte) (end, next int) {
	for i := 0; uint32(i) < length; i++ {
		f.need(b, i+1)
		switch c := b[i]; {
		case c == '\n':
			return i, i + 1
		case c == '\r':
			if uint32(i)+1 >= length {
				return -1, 0
			}
			f.need(b, i+2)
			if b[i+1] != '\n' {
				return -1, 0
			}
			return i, i + 2
		case c != tab && (c < ' ' || c >= 0x7f):
			return -1, 0
		}
	}
	return int(length), 0
}

func (f *formatter) line(prefix string, b []byte) {
	f.str(prefix)
	f.out = append(f.out, b...)
}

// ssh prints an identification string (print-ssh.c; RFC 4253 §4.2).
func (f *formatter) ssh(b []byte, length uint32) {
	const prefix = "SSH-"
	f.proto = "ssh"
	if n := min(len(b), len(prefix), int(length)); string(b[:n]) != prefix[:n] {
		return
	}
	if end, next := f.lineEnd(b, length, ' '); next > 0 {
		f.line(": SSH: ", b[:end])
	}
}
