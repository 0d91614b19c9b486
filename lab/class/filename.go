package class

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// extension is that of a capture file, twice where a system that hides extensions was
// asked to add one.
var extension = regexp.MustCompile(`(?i)(\.(pcap|pcapng|cap)(\.(gz|zst|lz4))?)+$`)

// What keeps files of one name apart: "chatlab (1)" of a browser, "chatlab - Copy" of a
// system; "chatlab-1" of Canvas, which may also be an id.
var (
	copied    = regexp.MustCompile(`(?i)(?: ?\([0-9]{1,3}\)| - (?:copy|copie|副本))+$`)
	numbering = regexp.MustCompile(`(?i)(?: ?\([0-9]{1,3}\)| - (?:copy|copie|副本)|-[0-9]{1,2})+$`)
)

// A platform's names: "who" is the student, or "file" what they called their file.
var (
	// Moodle: the full name and a number, then the folder's end or the file's name
	// (mod/assign/classes/downloader.php, get_student_prefix).
	moodleName = regexp.MustCompile(`^(?P<who>.+)_(?P<number>[0-9]+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?$`)
	// Blackboard Learn: the assignment, the user name, "attempt" and its moment.
	blackboardName = regexp.MustCompile(`^(?:.*_)?(?P<who>[^_]+)_attempt_[0-9]{4}(?:-[0-9]{2}){5}(?:_(?P<file>.*))?$`)
	// Canvas: the name in lower case, letters and digits only, LATE, the numbers of the
	// student and of the file (lib/content_zipper.rb, get_filename and
	// add_upload_submission).
	canvasName = regexp.MustCompile(`^(?P<who>[^_]+)(?:_LATE)?_[0-9]+_[0-9]+_(?P<file>.+)$`)
)

// platform parts a name that one of the learning platforms gave.
func platform(name string, of ...*regexp.Regexp) (who, file string, ok bool) {
	for _, p := range of {
		if m := p.FindStringSubmatch(name); m != nil {
			who = strings.TrimSpace(m[p.SubexpIndex("who")])
			return who, m[p.SubexpIndex("file")], who != ""
		}
	}
	return "", "", false
}

// IsCapture tells whether a file is called as a capture is.
func IsCapture(name string) bool {
	at := extension.FindStringIndex(name)
	return at != nil && at[0] > 0
}

// Student gives the student's id out of the path of a file in a directory of what was
// handed in, its parts parted by slashes, where there is no class list: the outermost
// folder's name, or that of a file in none. What Moodle or Blackboard write around a
// student's name is taken away; what Canvas writes might be part of an id.
func Student(file string) string {
	name, _, inFolder := strings.Cut(file, "/")
	if !inFolder {
		name = extension.ReplaceAllString(name, "")
	}
	if who, _, ok := platform(name, moodleName, blackboardName); ok {
		name = who
	} else if bare := copied.ReplaceAllString(name, ""); !inFolder && strings.TrimSpace(bare) != "" {
		name = bare
	}
	return tidy(readable(name))
}

// students gives Student for these files, with Moodle's number where one name stands for
// several students, as where Moodle hides who they are.
func students(files []string) func(file string) string {
	number := func(file string) string {
		part, _, _ := strings.Cut(file, "/")
		if m := moodleName.FindStringSubmatch(part); m != nil {
			return m[moodleName.SubexpIndex("number")]
		}
		return ""
	}
	first, several := map[string]string{}, map[string]bool{}
	for _, file := range files {
		n, id := number(file), Fold(Student(file))
		if other, ok := first[id]; !ok {
			first[id] = n
		} else if other != n {
			several[id] = true
		}
	}
	return func(file string) string {
		id := Student(file)
		if n := number(file); n != "" && several[Fold(id)] {
			return id + " " + n
		}
		return id
	}
}

// readable writes out the bytes of a name that are no UTF-8, so that names that differ
// stay different.
func readable(name string) string {
	var b strings.Builder
	for i, r := range name {
		if _, size := utf8.DecodeRuneInString(name[i:]); r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "%%%02X", name[i])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// finder finds the students of a class list in names.
type finder struct {
	*Roster
	joined  map[string]string // ids by their letters and digits; "": several have these
	longest int               // bytes that an id may have in a name: those with accents of their own
}

func newFinder(l *Roster) *finder {
	f := &finder{Roster: l, joined: map[string]string{}}
	for _, id := range l.IDs {
		f.longest = max(f.longest, 3*len(id))
		key := joined(id)
		if _, ok := f.joined[key]; ok || key == "" {
			id = ""
		}
		f.joined[key] = id
	}
	return f
}

// joined gives what Canvas leaves of a name.
func joined(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(name))
}

// who gives the students whom the path of a file names: one, or none, or several where
// it does not tell whose it is. What a platform or a teacher calls a folder counts
// before what a student calls a file.
func (f *finder) who(file string) (ids []string) {
	for part := range strings.SplitSeq(extension.ReplaceAllString(file, ""), "/") {
		names := []string{part}
		if who, rest, ok := platform(part, moodleName, blackboardName, canvasName); ok {
			if id := f.joined[joined(who)]; id != "" {
				return []string{id}
			}
			names = []string{who, strings.TrimSuffix(part, rest), rest}
		}
		for _, name := range names {
			if ids := f.named(name); len(ids) > 0 {
				return ids
			}
		}
	}
	return nil
}

// named gives the students whose ids stand in a name: as all of it, or as words of it,
// of which a longer id hides those within it.
func (f *finder) named(name string) (ids []string) {
	bare := numbering.ReplaceAllString(name, "")
	for _, whole := range []string{name, bare} {
		if id, ok := f.Find(whole); ok {
			return []string{id}
		}
	}
	edges, end := words(name), 0 // end: of what ids were found in
	for i := 0; i < len(edges) && edges[i] < len(bare); i++ {
		for j := len(edges) - 1; j > i && edges[j] > end; j-- {
			if edges[j]-edges[i] > f.longest {
				continue
			}
			if id, ok := f.Find(name[edges[i]:edges[j]]); ok {
				if end = edges[j]; !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
				break
			}
		}
	}
	return ids
}

// maxEdges bounds how much of a name is looked at: a file system's names have no more
// than 255 bytes.
const maxEdges = 128

// words gives where in a name a word may begin or end: between letters or digits and
// anything else, and between Chinese characters and other letters. An id may be
// several words.
func words(name string) (edges []int) {
	const nothing, other, letter, han = 0, 1, 2, 3
	before := nothing
	for i, r := range name {
		kind := other
		switch {
		case unicode.Is(unicode.Han, r):
			kind = han
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			kind = letter
		case unicode.Is(unicode.Mn, r) && before != nothing: // an accent of its own
			kind = before
		}
		if kind != before || kind == other {
			edges = append(edges, i)
		}
		if len(edges) == maxEdges {
			break
		}
		before = kind
	}
	return append(edges, len(name))
}
