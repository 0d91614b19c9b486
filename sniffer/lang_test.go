package main

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"chatlab/sniffer/catalogue/cataloguetest"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
)

// Every text is said, and keys that are put together have theirs.
func TestKeys(t *testing.T) {
	var flags []string
	all := new(options).flags()
	for _, f := range all[:len(all)-len(unsupported)] {
		if f.Set != nil {
			flags = append(flags, flagName(f))
		}
	}
	cataloguetest.Keys(t, texts, map[string][]string{"flag.": flags}, ".")
}

// Help is asked for and the language chosen in any order, also by the
// environment, and no line of it is too long for a terminal.
func TestHelp(t *testing.T) {
	for args, want := range map[string]string{
		"-h":                     "Usage: sniffer",
		"--lang fr -h":           "Usage\u00a0: sniffer",
		"-h --lang fr":           "Usage\u00a0: sniffer",
		"-nr x --help --lang=zh": "sniffer（输出与 tcpdump 4.99 一样）\n用法：sniffer",
	} {
		code, out, stderr := sniffer(t, nil, strings.Fields(args)...)
		if code != exitOK || !strings.Contains(out, want) || stderr != "" {
			t.Errorf("%s: status %d, stdout %s\nstderr %s", args, code, out, stderr)
		}
		for _, f := range []string{"\n  -A ", "\n  -i, --interface ", "\n      --annotate ", "\n  -#, --number ", "Ctrl-C", "-C -d -E -G"} {
			if !strings.Contains(out, f) {
				t.Errorf("%s: no %q in\n%s", args, f, out)
			}
		}
		for line := range strings.Lines(out) {
			if columns := layout.Width(strings.TrimRight(line, "\n")); columns > command.Columns {
				t.Errorf("%s: a line of %d columns: %s", args, columns, line)
			}
		}
	}
	var out bytes.Buffer
	if run(t.Context(), []string{"-h"}, environment{stdout: &out, getenv: func(string) string { return "zh_CN.UTF-8" }}); !strings.Contains(out.String(), "用法") {
		t.Errorf("the environment's language is not spoken:\n%s", out.String())
	}
}

// What goes wrong is told in the language asked for, wherever that stands.
func TestErrorsInTheLanguageAskedFor(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"--cuont --lang fr", "sniffer: option inconnue\u00a0: --cuont\nconseil\u00a0: vouliez-vous dire --count\u202f? sniffer -h donne toutes les options\n"},
		{"--lang zh -c x", "sniffer: 数据包个数无效：x\n"},
		{"--lang fr -r /nonexistent/file", "sniffer: /nonexistent/file\u00a0: aucun fichier ni dossier de ce nom\n"},
		{"--lang zh -r main.go", "sniffer: 文件格式不认识\n"},
		{"--lang fr -i 9999", "sniffer: aucune interface n’a ce numéro\nconseil\u00a0: sniffer -D donne la liste des interfaces\n"},
		{"--lang de -r x", "sniffer: no language “de”: take en, fr or zh\n"},
	} {
		if code, out, stderr := sniffer(t, nil, strings.Fields(tt.args)...); code != exitError || out != "" || stderr != tt.want {
			t.Errorf("%s: status %d, stdout %q, stderr %q, want %q", tt.args, code, out, stderr, tt.want)
		}
	}
	for lang, want := range map[string]string{
		"fr": "lecture du fichier " + documented + ", type de liaison EN10MB (Ethernet), longueur de capture 262144\n",
		"zh": "正在读文件 " + documented + "，链路类型 EN10MB (Ethernet)，快照长度 262144\n",
	} {
		if code, out, stderr := sniffer(t, nil, "--lang", lang, "-c1", "-nr", documented); code != exitOK || !strings.HasSuffix(out, ", length 0\n") || stderr != want {
			t.Errorf("%s: status %d, stdout %q, stderr %q, want %q", lang, code, out, stderr, want)
		}
	}
}

// silent is a name server that never answers.
type silent struct{ asked chan struct{} }

func (s silent) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	close(s.asked)
	<-ctx.Done()
	return nil, ctx.Err()
}

func (silent) LookupPort(context.Context, string, string) (int, error) {
	return 0, errors.New("no port is asked for")
}

// Ctrl-C ends the command while the name in an expression is looked up.
func TestInterruptDuringLookup(t *testing.T) {
	for _, source := range [][]string{{"-r", documented}, {"-i", "lo"}} {
		if source[0] == "-i" {
			needCapture(t)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		asked, done := make(chan struct{}), make(chan int)
		var out, stderr bytes.Buffer
		go func() {
			done <- run(ctx, append(source, "host", "nobody.example"), environment{
				stdout: &out, stderr: &stderr, getenv: noEnvironment, resolver: silent{asked},
			})
		}()
		<-asked
		interrupt()
		select {
		case code := <-done:
			if code != exitError || out.Len() > 0 || !strings.HasSuffix(stderr.String(), "sniffer: looking up nobody.example: interrupted\n") {
				t.Errorf("%s: status %d, stdout %q, stderr %q", source, code, out.String(), stderr.String())
			}
		case <-time.After(time.Minute):
			t.Fatal("still waiting")
		}
	}
}
