package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"syscall"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/filter"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what the command says beside the packets. Its English is tcpdump's,
// where tcpdump says the same.
var texts = catalogue.Must(embedded, "texts")

// notices says what is not data, in the language asked for.
type notices struct {
	w    io.Writer
	lang catalogue.Lang
}

// say writes a line.
func (t notices) say(key string, args ...any) {
	fmt.Fprintln(t.w, texts.Message(key, args...).In(t.lang))
}

// tell writes a line that begins with the command's name.
func (t notices) tell(key string, args ...any) {
	io.WriteString(t.w, "sniffer: ")
	t.say(key, args...)
}

// error says what went wrong, where in the expression if it is the filter's, and
// what to do about it.
func (t notices) error(err error) {
	catalogue.Report(t.w, "sniffer", err, t.lang)
	var wrong *filter.Error
	if errors.As(err, &wrong) {
		fmt.Fprintln(t.w, wrong.Point())
	}
}

// seeFlags is the hint that always helps.
func seeFlags() catalogue.Message { return texts.Message("hint.flags") }

// systemWords are the C library's, for what its readers meet most.
var systemWords = map[syscall.Errno]string{
	syscall.ENOENT: "system.not-exist", syscall.EACCES: "system.permission", syscall.EISDIR: "system.directory",
}

// about is an error of something's, a file's or an interface's. Of err it tells
// what the system said, without the operation and path around it.
func about(what string, err error) *catalogue.Error {
	e := texts.Error("about", "what", what, "why", cause(err))
	e.Err = err
	return e
}

// cause is what the system said of an error, else the error.
func cause(err error) any {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	if key, ok := systemWords[errno]; ok {
		return texts.Message(key)
	}
	return errno
}
