package filter

import (
	"fmt"
	"strings"

	"chatlab/sniffer/spelling"
)

// wanted fails at t, where something else was expected.
func (p *parser) wanted(t token, what string) {
	before := ""
	if p.pos > 0 && p.toks[p.pos-1].off < t.off {
		before = fmt.Sprintf(" after %q", p.toks[p.pos-1].text)
	}
	switch {
	case t.kind == end:
		failAt(t, "expected %s%s, but the expression ends there", what, before)
	case p.escapable(t):
		failAt(t, `expected %s%s, got the reserved word %q; as a name it is written \%s`, what, before, t.text, t.text)
	}
	failAt(t, "expected %s%s, got %q", what, before, t.text)
}

// escapable tells the classic "ip proto tcp" from other reserved words.
func (p *parser) escapable(t token) bool {
	return t.kind == word && protocols[t.canon] && p.pos > 0 && p.toks[p.pos-1].is("proto", "host", "src", "dst", "net")
}

// unexpected fails at a word that cannot follow what was read.
func (p *parser) unexpected(t token) {
	if p.pos > 0 && t.kind != word {
		if b := p.toks[p.pos-1]; b.kind == name && slip(b.text) != "" { // port 80 and prt 443
			failAt(b, "%q is no word of the filter language%s", b.text, slip(b.text))
		}
	}
	switch {
	case t.is(")"):
		failAt(t, "this ) closes nothing")
	case t.is("and", "or"):
		p.wanted(t, "a condition such as port 80")
	case t.is("/"):
		failAt(t, "a prefix length follows an address written in full: net 10.0.0.0/8")
	case t.is("["), t.is("]"), t.is(":"), t.kind == word && marks[t.text] != "":
		failAt(t, "%q cannot stand here", t.text)
	case t.kind == word:
		failAt(t, "expected and, or or the end before %q", t.text)
	}
	failAt(t, "expected and, or or the end before %q%s", t.text, slip(t.text))
}

// lonely fails at a value that has no qualifiers, written or shared.
func (p *parser) lonely(t token) {
	switch t.kind {
	case name:
		if s := slip(t.text); s != "" {
			failAt(t, "%q is no word of the filter language%s", t.text, s)
		}
		failAt(t, "%q is no word of the filter language; a host's name follows host, src or dst", t.text)
	case number:
		failAt(t, "the number %s needs a word before it, such as port, or a comparison behind it", t.text)
	case mac:
		failAt(t, "the address %s needs words before it: ether host, ether src or ether dst", t.text)
	}
	failAt(t, "the address %s needs a word before it: host, net, src or dst", t.text)
}

func (p *parser) valueName(q quals) string {
	switch q.typ {
	case "port":
		return "a port's number or name"
	case "portrange":
		return "a range of ports such as 8000-8080"
	case "net":
		return "a network such as 10.0.0.0/8"
	case "proto":
		return "a protocol's number or name"
	}
	if q.proto == "ether" {
		return "an Ethernet address"
	}
	if q.typ == "" {
		return "host, port or an address"
	}
	return "a host's name or address"
}

// nearest is the reserved word that s may be a slip of, "" if none is close. Of
// equally close ones it is the one that s begins, then the first.
func nearest(s string) string {
	best, least := "", min(2, (len(s)+1)/3)+1
	if len(s) > 20 {
		return "" // longer than any, and it may be very long
	}
	for w := range keywords {
		if refused[w] {
			continue
		}
		d := spelling.Distance(s, w)
		begins := strings.HasPrefix(w, s)
		if had := strings.HasPrefix(best, s); d < least || d == least && best != "" &&
			(begins && !had || begins == had && w < best) {
			best, least = w, d
		}
	}
	return best
}

// slip suggests what an unknown name may have been meant for.
func slip(s string) string {
	if w := nearest(s); w != "" {
		return fmt.Sprintf("; did you mean %q?", w)
	}
	return ""
}
