package desk

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Forget removes what a Keep has written in a folder, and the folders that are empty
// then. It gives the number of files.
func Forget(name string) (files int, err error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	list, err := root.Open(manifest)
	if err != nil {
		return 0, err
	}
	defer list.Close()
	folders := map[string]bool{}
	for lines := bufio.NewScanner(list); lines.Scan(); {
		file := lines.Text()
		if file == "" || !filepath.IsLocal(file) {
			continue
		}
		switch err := root.Remove(file); {
		case err == nil:
			files++
		case !errors.Is(err, fs.ErrNotExist):
			return files, err
		}
		folders[path.Dir(file)] = true
	}
	for folder := range folders {
		root.Remove(folder) // what else is in it stays, and it too
	}
	root.Remove(lessonsDir)
	list.Close()
	return files, root.Remove(manifest)
}
