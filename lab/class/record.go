package class

import "strings"

// records reads a list record by record: lines, or those of a CSV (RFC 4180). Of a
// record it gives what a list of students needs, the first cell. A quotation mark
// that nothing closes as a cell's is a character like others, so that a single one
// cannot take the rest of the list with it.
type records struct {
	rest      string
	line      int  // the line at which rest begins, from 1
	separator byte // between cells; 0: a line is one cell
}

// record is what is known of a record.
type record struct {
	line, last int    // its first and last line
	first      string // its first cell
	cells      int
	blank      bool // nothing is in any cell
	unclosed   bool // a quotation mark begins a cell and none ends it
}

func newRecords(text string) *records {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	r := &records{text, 1, 0}
	// A spreadsheet says so in the first line, or else most lines have it.
	if s := strings.TrimSpace(cutLine(text)); len(s) == 5 && strings.EqualFold(s[:4], "sep=") {
		r.separator, r.rest, r.line = s[4], text[min(len(cutLine(text))+1, len(text)):], 2
		return r
	}
	lines, having := 0, map[byte]int{}
	for line := range strings.SplitSeq(text, "\n") {
		if ignored(line) {
			continue
		}
		lines++
		line = strings.TrimSpace(line)
		for _, s := range []byte("\t;,") {
			if strings.IndexByte(line, s) >= 0 && !rounded.MatchString(line) {
				having[s]++
			}
		}
	}
	most := (lines+1)/2 - 1
	for _, s := range []byte("\t;,") { // of two, the one that is rarer within words
		if having[s] > max(most, 0) {
			r.separator, most = s, having[s]
		}
	}
	return r
}

// next gives the next record that is not blank and no comment.
func (r *records) next() (rec record, ok bool) {
	for r.rest != "" {
		if ignored(cutLine(r.rest)) {
			r.skip(len(cutLine(r.rest)))
			continue
		}
		if rec := r.read(); !rec.blank {
			return rec, true
		}
	}
	return record{}, false
}

func (r *records) read() record {
	rec := record{line: r.line, blank: true}
	for ended := false; !ended; rec.cells++ {
		cell, n, unclosed := r.cell(rec.cells == 0)
		if rec.cells == 0 {
			rec.first = cell
		}
		rec.blank, rec.unclosed = rec.blank && strings.TrimSpace(cell) == "", rec.unclosed || unclosed
		ended = n == len(r.rest) || r.rest[n] == '\n'
		rec.last = r.line + strings.Count(r.rest[:n], "\n")
		r.skip(n)
	}
	return rec
}

// skip goes on behind n bytes and the sign that ends them.
func (r *records) skip(n int) {
	n = min(n+1, len(r.rest))
	r.line += strings.Count(r.rest[:n], "\n")
	r.rest = r.rest[n:]
}

// cell gives the cell at which rest begins, and how many bytes it takes. An id is on
// one line; other cells may go on.
func (r *records) cell(isID bool) (cell string, n int, unclosed bool) {
	n = r.end(0)
	plain := r.rest[:n]
	begin := strings.TrimLeft(plain, " ")
	if !strings.HasPrefix(begin, `"`) {
		return plain, n, false
	}
	var b strings.Builder
	for i := len(plain) - len(begin) + 1; i < len(r.rest) && (!isID || r.rest[i] != '\n'); i++ {
		if r.rest[i] != '"' {
			b.WriteByte(r.rest[i])
			continue
		}
		if i++; i < len(r.rest) && r.rest[i] == '"' {
			b.WriteByte('"')
			continue
		}
		if end := r.end(i); strings.TrimSpace(r.rest[i:end]) == "" {
			return b.String(), end, false
		}
		break
	}
	return plain, n, true
}

// end gives where a cell ends that has no quotation mark from i on.
func (r *records) end(i int) int {
	for i < len(r.rest) && r.rest[i] != '\n' && (r.separator == 0 || r.rest[i] != r.separator) {
		i++
	}
	return i
}

// cutLine gives the line with which text begins.
func cutLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// ignored tells a line that says nothing of a student.
func ignored(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}
