package catalogue

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
)

// system are the errors of the system and the library that readers meet. One that
// is a case of another stands before it.
var system = []struct {
	err error
	key string
}{
	{syscall.EPERM, "system.not-permitted"},
	{fs.ErrNotExist, "system.not-exist"},
	{fs.ErrPermission, "system.permission"},
	{fs.ErrExist, "system.exist"},
	{syscall.EISDIR, "system.directory"},
	{syscall.ENOTDIR, "system.no-directory"},
	{syscall.ENOSPC, "system.no-space"},
	{syscall.EROFS, "system.read-only"},
	{syscall.EPIPE, "system.pipe"},
	{syscall.EADDRINUSE, "system.address-in-use"},
	{syscall.EADDRNOTAVAIL, "system.no-address"},
	{syscall.ECONNREFUSED, "system.refused"},
	{syscall.ECONNRESET, "system.reset"},
	{syscall.ENETDOWN, "system.network-down"},
	{syscall.ENETUNREACH, "system.unreachable"},
	{syscall.ENODEV, "system.no-device"},
	{syscall.EHOSTUNREACH, "system.no-route"},
	{syscall.EINVAL, "system.invalid"},
	{syscall.ELOOP, "system.links"},
	{syscall.ENAMETOOLONG, "system.name-too-long"},
	{syscall.EMFILE, "system.open-files"},
	{syscall.ENOMEM, "system.memory"},
	{syscall.EIO, "system.input-output"},
	{os.ErrDeadlineExceeded, "system.timeout"},
	{context.DeadlineExceeded, "system.timeout"},
	{context.Canceled, "system.canceled"},
	{io.ErrUnexpectedEOF, "system.cut"},
	{io.EOF, "system.end"},
}

// Words says err in a language, as far as it can be said: what has no text stays
// as it is, with the words for what it wraps.
func Words(err error, lang Lang) string {
	switch e := err.(type) {
	case nil:
		return ""
	case *Error:
		if e.What.IsZero() {
			return Words(e.Err, lang)
		}
		return e.What.In(lang)
	case interface{ Message() Message }:
		return e.Message().In(lang)
	case *fs.PathError:
		return texts.Message("about", "what", e.Path, "why", e.Err).In(lang)
	case *net.OpError:
		switch key := "net." + e.Op; {
		case !texts.Has(key):
		case e.Addr == nil: // what was to be an address is in the error
			return Words(e.Err, lang)
		default:
			return texts.Message(key, "address", e.Addr, "why", e.Err).In(lang)
		}
	case *net.AddrError:
		return texts.Message("net.no-address", "address", e.Addr).In(lang)
	case *net.DNSError:
		return texts.Message("net.no-name", "name", strings.TrimPrefix(e.Name, "tcp/")).In(lang) // tcp/: a port's name
	case *os.SyscallError:
		return Words(e.Err, lang)
	case interface{ Unwrap() []error }:
		all := e.Unwrap()
		said := make([]string, len(all))
		for i := range all {
			said[i] = Words(all[i], lang)
		}
		return replaced(err, all, lang)
	}
	if inner := errors.Unwrap(err); inner != nil {
		return replaced(err, []error{inner}, lang)
	}
	for _, s := range system {
		if errors.Is(err, s.err) {
			return texts.Message(s.key).In(lang)
		}
	}
	return err.Error()
}

// replaced gives what err says, with the words for what it wraps.
func replaced(err error, inner []error, lang Lang) string {
	said := err.Error()
	for _, e := range inner {
		said = strings.Replace(said, e.Error(), Words(e, lang), 1)
	}
	return said
}
