package filter

import (
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/spelling"
)

// wanted fails at t, where something else was expected: what has a text of that
// key.
func (p *parser) wanted(t token, what string) {
	after := ""
	if p.pos > 0 && p.toks[p.pos-1].off < t.off {
		after = p.toks[p.pos-1].text
	}
	key, keyAfter := "got", "got.after"
	switch {
	case t.kind == end:
		key, keyAfter = "ends", "ends.after"
	case p.escapable(t):
		keyAfter = "reserved"
	}
	if after == "" {
		failAt(t, key, "what", texts.Message(what))
	}
	failAt(t, keyAfter, "what", texts.Message(what), "after", after)
}

// escapable tells the classic "ip proto tcp" from other reserved words.
func (p *parser) escapable(t token) bool {
	return t.kind == word && protocols[t.canon] && p.pos > 0 && p.toks[p.pos-1].is("proto", "host", "src", "dst", "net")
}

// unexpected fails at a word that cannot follow what was read.
func (p *parser) unexpected(t token) {
	if p.pos > 0 && t.kind != word {
		if b := p.toks[p.pos-1]; b.kind == name && nearest(b.text) != "" { // port 80 and prt 443
			failAt(b, "unknown", "slip", slip(b.text))
		}
	}
	switch {
	case t.is(")"):
		failAt(t, "closes")
	case t.is("and", "or"):
		p.wanted(t, "want.condition")
	case t.is("/"):
		failAt(t, "prefix")
	case t.is("["), t.is("]"), t.is(":"), t.kind == word && marks[t.text] != "":
		failAt(t, "misplaced")
	case t.kind == word:
		failAt(t, "join", "slip", catalogue.Message{})
	}
	failAt(t, "join", "slip", slip(t.text))
}

// lonely fails at a value that has no qualifiers, written or shared.
func (p *parser) lonely(t token) {
	switch t.kind {
	case name:
		if nearest(t.text) != "" {
			failAt(t, "unknown", "slip", slip(t.text))
		}
		failAt(t, "unknown.host")
	case number:
		failAt(t, "bare.number")
	case mac:
		failAt(t, "bare.ether")
	}
	failAt(t, "bare.address")
}

// valueName is the key of what a value with these qualifiers is.
func (p *parser) valueName(q quals) string {
	switch q.typ {
	case "port":
		return "want.port"
	case "portrange":
		return "want.portrange"
	case "net":
		return "want.net"
	case "proto":
		return "want.proto"
	}
	if q.proto == "ether" {
		return "want.ether"
	}
	if q.typ == "" {
		return "want.any"
	}
	return "want.host"
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

// slip suggests what an unknown name may have been meant for, if anything.
func slip(s string) catalogue.Message {
	if w := nearest(s); w != "" {
		return texts.Message("slip", "word", w)
	}
	return catalogue.Message{}
}
