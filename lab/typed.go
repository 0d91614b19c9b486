package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// typed is the command line that runs this program with args, to be typed again.
func typed(args []string) string {
	words := []string{program(os.Args[0], os.Getenv("GOCACHE"))}
	for _, arg := range args {
		words = append(words, shellWord(arg))
	}
	return strings.Join(words, " ")
}

// program is how the program of that path was called. One that lies where go run puts
// what it builds, below a go-build or in the build cache (go help run), was not called
// by that path.
func program(path, cache string) string {
	in := func(dir string) bool { return dir != "" && strings.HasPrefix(path, dir+string(filepath.Separator)) }
	if in(cache) || strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "go run ./lab"
	}
	return shellWord(path)
}

var plainWord = regexp.MustCompile(`^[\pL\pN@%+=:,./_-]+$`)

// shellWord quotes what a shell would take apart (POSIX.1-2024, Shell Command
// Language, §2.2.2). Windows' take a backslash as it is.
func shellWord(s string) string {
	plain := s
	if runtime.GOOS == "windows" {
		plain = filepath.ToSlash(s)
	}
	if plainWord.MatchString(plain) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
