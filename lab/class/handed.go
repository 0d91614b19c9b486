package class

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// LeftOut is what was handed in and is not graded.
type LeftOut struct {
	File string // its path in the directory, with slashes
	Why  catalogue.Message
}

// Message says it of the file.
func (l LeftOut) Message() catalogue.Message {
	return texts.Message("left", "file", layout.Quote(l.File, 200), "why", l.Why)
}

// Bounds of what is handed in: folders within folders, files and folders, and bytes of
// one file as it is on disk. A class's captures are far from them.
const (
	maxDepth   = 8
	maxEntries = 20000
	maxSize    = 256 << 20
)

// archives are the names of what is to be unpacked first.
var archives = []string{".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".xz", ".bz2"}

// search finds what is in a directory of what was handed in.
type search struct {
	dir      string
	skip     os.FileInfo // a folder to pass by, or nil
	entries  int
	captures []string // paths in dir, with slashes
	other    []LeftOut
}

// in looks into a folder of the directory. Names that begin with a point, and what
// systems put beside files, do not count.
func (s *search) in(folder string, depth int) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, filepath.FromSlash(folder)))
	switch {
	case err != nil && depth == 0:
		return err
	case err != nil:
		s.leave(folder, "left.error", "error", err)
		return nil
	}
	for _, e := range entries {
		file := path.Join(folder, e.Name())
		name := strings.ToLower(e.Name())
		ends := func(end string) bool { return strings.HasSuffix(name, end) }
		if s.entries++; s.entries > maxEntries {
			return texts.Error("many", "most", maxEntries).WithHint(texts.Message("hint.many"))
		}
		switch {
		case name[0] == '.' || name == "__macosx" || name == "thumbs.db" || name == "desktop.ini":
		case e.IsDir() && depth == maxDepth:
			s.leave(file, "left.deep", "most", maxDepth)
		case e.IsDir():
			if info, err := e.Info(); s.skip != nil && err == nil && os.SameFile(info, s.skip) {
				continue
			}
			if err := s.in(file, depth+1); err != nil {
				return err
			}
		case !e.Type().IsRegular():
			s.leave(file, "left.odd")
		case IsCapture(name):
			s.captures = append(s.captures, file)
		case slices.ContainsFunc(archives, ends):
			s.leave(file, "left.archive")
		default:
			s.leave(file, "left.foreign")
		}
	}
	return nil
}

func (s *search) leave(file, key string, args ...any) {
	s.other = append(s.other, LeftOut{file, texts.Message(key, args...)})
}
