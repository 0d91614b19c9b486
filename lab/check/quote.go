package check

import "chatlab/sniffer/layout"

// maxQuoted bounds a quotation from a packet, in characters.
const maxQuoted = 200

// quote makes text from a packet fit to be shown.
func quote(s string) string { return layout.Quote(s, maxQuoted) }
