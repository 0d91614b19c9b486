package listen

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"chatlab/sniffer/catalogue"
)

// names is what a resolver knows.
func names(_ context.Context, _, name string) ([]netip.Addr, error) {
	known := map[string][]string{
		"localhost":      {"::1", "127.0.0.1"},
		"lab.local":      {"127.0.1.1", "::ffff:127.0.0.1"},
		"example.org":    {"2001:db8::1", "192.0.2.81"},
		"maître.example": {"127.0.0.1"},
		"here.example":   {"fe80::1%lo", "127.0.0.1"},
	}
	var found []netip.Addr
	for _, a := range known[name] {
		found = append(found, netip.MustParseAddr(a))
	}
	if found == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name}
	}
	return found, nil
}

// What is named is listened on, or refused in one line that says what to do.
func TestHost(t *testing.T) {
	for _, tt := range []struct{ value, want, why string }{
		{"", "", ""},
		{"0.0.0.0", "", ""},
		{"::", "", ""},
		{"[::]", "", ""},
		{"127.0.0.1", "127.0.0.1", ""},
		{"::ffff:127.0.0.1", "127.0.0.1", ""},
		{"localhost", "127.0.0.1", ""},
		{"lab.local", "127.0.1.1", ""},
		{"here.example", "127.0.0.1", ""},
		{"maître.example", "127.0.0.1", ""},
		{"example.org", "", "--host: example.org is 192.0.2.81, which is no address of this machine"},
		{"nobody.example", "", "--host: no machine named “nobody.example” is known here"},
		{"192.0.2.81", "", "--host: 192.0.2.81 is no address of this machine"},
		{"2001:db8::81", "", "--host: 2001:db8::81 is no address of this machine"},
		{"[2001:db8::81]", "", "--host: 2001:db8::81 is no address of this machine"},
		{"224.0.0.1", "", "--host: 224.0.0.1 is no address of this machine"},
		{"255.255.255.255", "", "--host: 255.255.255.255 is no address of this machine"},
		{"127.255.255.255", "", "--host: 127.255.255.255 is no address of this machine"},
		{"fe80::1%lo", "", "--host: fe80::1%lo is link-local: no browser can open it"},
		{"fe80::1", "", "--host: fe80::1 is link-local: no browser can open it"},
		{"[::1", "", "--host: “[::1” is neither an address nor a name"},
		{"::1]", "", "--host: “::1]” is neither an address nor a name"},
		{"[localhost]", "", "--host: “[localhost]” is neither an address nor a name"},
		{"127.0.0.1:80", "", "--host: “127.0.0.1:80” is neither an address nor a name"},
		{"256.1.1.1", "", "--host: “256.1.1.1” is neither an address nor a name"},
		{"http://localhost", "", "--host: “http://localhost” is neither an address nor a name"},
		{"a b", "", "--host: “a b” is neither an address nor a name"},
		{"*", "", "--host: “*” is neither an address nor a name"},
		{"\x1b[2J\n", "", `--host: “\u{1b}[2J\n” is neither an address nor a name`},
		{strings.Repeat("x", 1000), "", "--host: “" + strings.Repeat("x", 60) + "…” is neither an address nor a name"},
	} {
		if runtime.GOOS != "linux" && strings.HasSuffix(tt.value, ".local") {
			continue // elsewhere 127.0.0.1 is the whole loopback
		}
		got, err := host(t.Context(), names, "--host", tt.value)
		if got != tt.want || (err == nil) != (tt.why == "") || err != nil && err.Error() != tt.why {
			t.Errorf("%q: got %q, %v; want %q, %q", tt.value, got, err, tt.want, tt.why)
		}
		if err != nil {
			advised(t, err, "--host", "127.0.0.1")
		}
	}
	for _, v := range []string{"::1", "[::1]"} {
		if got, err := host(t.Context(), names, "--host", v); got != "::1" && (err == nil || err.Error() != "--host: ::1 is no address of this machine") {
			t.Errorf("%q: got %q, %v", v, got, err)
		}
	}
	// Whose Ctrl-C comes while a name is looked for hears nothing of a name.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := host(ctx, func(ctx context.Context, _, _ string) ([]netip.Addr, error) { return nil, ctx.Err() }, "--host", "slow.example")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted it says %v", err)
	}
}

// advised checks that err is one line in each language with what to do about it in a
// second, which has all words.
func advised(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, lang := range catalogue.Langs {
		var out bytes.Buffer
		catalogue.Report(&out, "lab", err, lang)
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		for _, word := range words {
			if len(lines) != 2 || !strings.Contains(lines[1], word) {
				t.Errorf("%s: no %s in the advice of\n%s", lang, word, out.String())
			}
		}
		if strings.ContainsAny(out.String(), "\x1b\r") || strings.Contains(out.String(), "bind:") {
			t.Errorf("%s: it says %q", lang, out.String())
		}
	}
}

// What is wrong with a port is said in the same words on every system.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		port uint16
		err  error
		want string
		hint string
	}{
		{7272, syscall.EADDRINUSE, "port 7272 of this machine is in use", "hint.in-use"},
		{7272, wsaeaddrinuse, "port 7272 of this machine is in use", "hint.in-use"},
		{80, syscall.EACCES, "port 80 of this machine is not to be had: the system forbids it", "hint.low"},
		{80, wsaeacces, "port 80 of this machine is not to be had: the system forbids it", "hint.low"},
		{7272, wsaeacces, "port 7272 of this machine is not to be had: the system forbids it", "hint.kept"},
		{7272, syscall.EADDRNOTAVAIL, "port 7272 of this machine is not to be had: cannot assign requested address", "hint.other"},
	} {
		err := Remedy(&Refused{Port: tt.port, Err: &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", tt.err)}}, "--chat")
		var advice *catalogue.Error
		if err.Error() != tt.want || !errors.As(err, &advice) || advice.Hint.Key() != tt.hint {
			t.Errorf("%v: got %q, %v", tt.err, err, advice)
		}
		advised(t, err, "--chat")
	}
	if Remedy(nil, "--chat") != nil || Remedy(os.ErrNotExist, "--chat") != os.ErrNotExist {
		t.Error("it advises on what no port is about")
	}
}

// A port that somebody has on one address is not to be had on all of them.
func TestTaken(t *testing.T) {
	l, err := TCP("127.0.0.1", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	for _, host := range []string{"", "127.0.0.1"} {
		_, err := TCP(host, uint16(port))
		var refused *Refused
		if !errors.As(err, &refused) || refused.Port != uint16(port) || !inUse(refused) {
			t.Errorf("on %q: got %v", host, err)
		}
		if want := "(pid " + strconv.Itoa(os.Getpid()) + ")"; runtime.GOOS == "linux" && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("on %q: got %v, want the holder %s", host, err, want)
		}
	}
}

func TestAt(t *testing.T) {
	for _, value := range []string{":0", "127.0.0.1:0", "localhost:0", "[::ffff:127.0.0.1]:0"} {
		l, err := At(t.Context(), "--listen", value)
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		l.Close()
	}
	for value, want := range map[string]string{
		"7272":             "--listen: “7272” is no address with a port",
		"":                 "--listen: “” is no address with a port",
		"::1:7272":         "--listen: “::1:7272” is no address with a port",
		"[::1:7272":        "--listen: “[::1:7272” is no address with a port",
		":65536":           "--listen: “65536” is no port from 0 to 65535",
		":-1":              "--listen: “-1” is no port from 0 to 65535",
		"127.0.0.1:":       "--listen: “” is no port from 0 to 65535",
		"localhost:http":   "--listen: “http” is no port from 0 to 65535",
		"192.0.2.81:7272":  "--listen: 192.0.2.81 is no address of this machine",
		"[fe80::1%lo]:0":   "--listen: fe80::1%lo is link-local: no browser can open it",
		"http://x:7272":    "--listen: “http://x:7272” is no address with a port",
		"chat server:7272": "--listen: “chat server” is neither an address nor a name",
	} {
		if l, err := At(t.Context(), "--listen", value); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, %v; want %s", value, l, err, want)
		} else {
			advised(t, err, "--listen")
		}
	}
}

// Each address once, likeliest first, and none that nobody can use.
func TestReachable(t *testing.T) {
	wire := func(addresses ...string) link { return link{addresses: prefixes(addresses)} }
	tunnel := func(addresses ...string) link { return link{addresses: prefixes(addresses), tunnel: true} }
	lo := wire("127.0.0.1/8", "::1/128")
	for _, tt := range []struct {
		name  string
		links []link
		out   string
		want  string
	}{
		{"no network", []link{lo, wire("fe80::1/64")}, "", ""},
		{"one", []link{lo, wire("192.168.1.5/24", "fe80::1/64")}, "192.168.1.5", "192.168.1.5"},
		{"the way out first", []link{lo, wire("172.17.0.1/16"), wire("192.168.1.5/24")}, "192.168.1.5", "192.168.1.5 172.17.0.1"},
		{"private before public", []link{wire("198.51.100.7/24"), wire("10.0.0.7/8")}, "", "10.0.0.7 198.51.100.7"},
		{"a tunnel last, though it is the way out", []link{tunnel("10.8.0.2/24"), wire("192.168.1.5/24")}, "10.8.0.2", "192.168.1.5 10.8.0.2"},
		{"each once", []link{wire("10.0.0.7/8", "10.0.0.7/24"), wire("10.0.0.7/8")}, "", "10.0.0.7"},
		{"a cable and no DHCP", []link{lo, wire("169.254.3.4/16", "fe80::1/64")}, "", "169.254.3.4"},
		{"self-given beside others", []link{wire("169.254.3.4/16"), wire("10.0.0.7/8")}, "", "10.0.0.7"},
		{"one global IPv6 beside IPv4", []link{wire("10.0.0.7/8", "fd00::7/64", "2001:db8::7/64", "2001:db8::8/64", "fe80::1/64")}, "", "10.0.0.7 2001:db8::7"},
		{"IPv6 alone, as telephones have it", []link{wire("2001:db8::7/64"), tunnel("192.0.0.2/32")}, "192.0.0.2", "2001:db8::7"},
		{"IPv6 of a closed network", []link{wire("fd00::7/64", "fe80::1/64")}, "", "fd00::7"},
	} {
		out, _ := netip.ParseAddr(tt.out)
		var got []string
		for _, a := range reachable(tt.links, out) {
			got = append(got, a.String())
		}
		if !slices.Equal(got, strings.Fields(tt.want)) {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
}

func prefixes(all []string) []netip.Prefix {
	var p []netip.Prefix
	for _, a := range all {
		p = append(p, netip.MustParsePrefix(a))
	}
	return p
}

func TestLast(t *testing.T) {
	for p, want := range map[string]string{"192.0.2.1/24": "192.0.2.255", "10.1.2.3/8": "10.255.255.255", "10.0.0.5/30": "10.0.0.7", "0.0.0.0/0": "255.255.255.255", "10.0.0.5/32": "10.0.0.5"} {
		if got := last(netip.MustParsePrefix(p)); got.String() != want {
			t.Errorf("of %s: %s, want %s", p, got, want)
		}
	}
}

// Whatever is typed names all addresses, one that is listened on, or nothing, which is
// said in one line.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"", "[::1]", "fe80::1%lo", "localhost", "1.2.3", "[]", "%", "::ffff:0.0.0.0", "\x00é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := host(t.Context(), names, "--host", value)
		if err != nil {
			advised(t, err, "--host")
		} else if a, err := netip.ParseAddr(got); got != "" && (err != nil || a.IsUnspecified() || a.Is4In6()) {
			t.Errorf("%q: got %q", value, got)
		}
	})
}
