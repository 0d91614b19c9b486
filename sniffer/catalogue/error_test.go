package catalogue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestReport(t *testing.T) {
	c := Must(files(
		`{"open":"cannot read: {why}","do":"do this"}`,
		`{"open":"illisible : {why}","do":"faites ceci"}`,
		`{"open":"无法读取：{why}","do":"请这样做"}`), "t")
	missing := &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}
	for _, tt := range []struct {
		err  error
		lang Lang
		want string
	}{
		{errors.New("plain"), French, "cmd: plain\n"},
		{missing, English, "cmd: x: no such file or directory\n"},
		{missing, Chinese, "cmd: x：没有这个文件或目录\n"},
		{c.Error("open", "why", missing), French, "cmd: illisible : x\u00a0: aucun fichier ni dossier de ce nom\n"},
		{c.Error("open", "why", "…").WithHint(c.Message("do")), Chinese, "cmd: 无法读取：…\n提示：请这样做\n"},
		{WithHint(missing, c.Message("do")), Chinese, "cmd: x：没有这个文件或目录\n提示：请这样做\n"},
		{fmt.Errorf("stage: %w", c.Error("open", "why", fs.ErrPermission).WithHint(c.Message("do"))), French, "cmd: stage: illisible : permission refusée\nconseil\u00a0: faites ceci\n"},
		{errors.Join(fs.ErrExist, c.Error("open", "why", "…").WithHint(c.Message("do"))), English, "cmd: file exists; cannot read: …\nhint: do this\n"},
		{context.DeadlineExceeded, Chinese, "cmd: 超时\n"},
		{&net.OpError{Op: "listen", Net: "tcp", Addr: &net.TCPAddr{Port: 7272}, Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}, French,
			"cmd: impossible d’écouter sur :7272\u00a0: adresse déjà utilisée\n"},
		{&net.OpError{Op: "listen", Net: "tcp", Err: &net.AddrError{Err: "missing port in address", Addr: "x"}}, Chinese, "cmd: “x”不是带端口的地址\n"},
		{&net.OpError{Op: "listen", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "x", Server: "y"}}, French, "cmd: le nom «\u00a0x\u00a0» est inconnu\n"},
		{&net.OpError{Op: "listen", Net: "tcp", Err: &net.DNSError{Err: "unknown port", Name: "tcp/foo"}}, Chinese, "cmd: 不认识名字“foo”\n"},
		{&net.OpError{Op: "listen", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 80}, Err: os.NewSyscallError("bind", syscall.EINVAL)}, French,
			"cmd: impossible d’écouter sur [fe80::1]:80\u00a0: argument incorrect\n"},
		{&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, French, "cmd: read tcp: connexion réinitialisée par l’autre côté\n"},
	} {
		var out strings.Builder
		Report(&out, "cmd", tt.err, tt.lang)
		if out.String() != tt.want {
			t.Errorf("%v in %s:\n%q, want\n%q", tt.err, tt.lang, out.String(), tt.want)
		}
	}
	if err := c.Error("open", "why", missing); !errors.Is(err, fs.ErrNotExist) || err.Error() != "cannot read: x: no such file or directory" {
		t.Errorf("%v is not what it wraps", err)
	}
}

// What the system says in English, it says in English here.
func TestSystemErrorsInEnglish(t *testing.T) {
	for _, s := range system {
		if errno, ok := s.err.(syscall.Errno); ok {
			if got := Words(errno, English); got != errno.Error() {
				t.Errorf("got %q for %q", got, errno.Error())
			}
		}
	}
}
