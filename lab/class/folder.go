package class

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"

	"chatlab/sniffer/catalogue"
)

// WritePages writes the teacher's page and one for each student into a folder, and
// gives how many. Pages of an earlier run are overwritten, and taken away where there
// is no such student any more: with another secret they have other names. A file that
// is no page of this kind is never touched: then nothing is written.
func (g *Grading) WritePages(folder *os.Root, secret string, lang catalogue.Lang) (pages int, err error) {
	names := map[string]bool{Index: true}
	for i := range g.Grades {
		names[PageName(secret, g.Grades[i].Student)] = true
	}
	for name := range names {
		if ours, err := isPage(folder, name); err != nil {
			return 0, err
		} else if !ours {
			return 0, texts.Error("page.foreign", "file", name).WithHint(texts.Message("page.elsewhere"))
		}
	}
	if err := removeOthers(folder, names); err != nil {
		return 0, err
	}
	var b bytes.Buffer
	for i := range g.Grades {
		b.Reset()
		if err := g.Grades[i].Feedback(&b, lang); err != nil {
			return pages, err
		}
		if err := folder.WriteFile(PageName(secret, g.Grades[i].Student), b.Bytes(), 0o600); err != nil {
			return pages, err
		}
		pages++
	}
	b.Reset()
	if err := g.Summary(&b, secret, lang); err != nil {
		return pages, err
	}
	return pages, folder.WriteFile(Index, b.Bytes(), 0o600)
}

// isPage tells whether there is no file of that name, or one that WritePages wrote.
func isPage(folder *os.Root, name string) (bool, error) {
	info, err := folder.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	f, err := folder.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := f.Read(head)
	return bytes.Contains(head[:n], []byte(mark)), nil
}

// removeOthers takes away the pages of an earlier run that are not among names.
func removeOthers(folder *os.Root, names map[string]bool) error {
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || !strings.HasSuffix(name, ".html") || names[name] {
			continue
		}
		if ours, err := isPage(folder, name); err == nil && ours {
			if err := folder.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}
