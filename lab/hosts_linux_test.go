package main

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// named are the names that the teacher's machine knows.
const named = `127.0.0.1 localhost
127.0.1.1 lab.example
10.72.72.1 teacher.example
192.0.2.81 elsewhere.example
`

// Wherever a lesson is told to listen, on each stage and without rights, every address that
// it prints lets who is meant into the chat, and the teacher sees the packets; or it is refused in one line, with what to do
// in another.
func TestServeAtEveryHost(t *testing.T) {
	room := newClassroom(t, named)
	const local, wire, six = "http://127.0.0.1:55151", "http://10.72.72.1:55151", "http://[2001:db8:72::1]:55151"
	works := []struct {
		at     string
		here   []string
		class  []string
		client string // whose packets are to be seen where they are true
	}{
		{"", []string{local}, []string{wire, six}, "10.72.72.10"},
		{"0.0.0.0", []string{local}, []string{wire, six}, "10.72.72.10"},
		{"::", []string{local}, []string{wire, six}, "10.72.72.10"},
		{"10.72.72.1", []string{wire}, []string{wire}, "10.72.72.10"},
		{"::ffff:10.72.72.1", []string{wire}, []string{wire}, "10.72.72.10"},
		{"teacher.example", []string{wire}, []string{wire}, "10.72.72.10"},
		{"2001:db8:72::1", []string{six}, []string{six}, "[2001:db8:72::10]"},
		{"[2001:db8:72::1]", []string{six}, []string{six}, "[2001:db8:72::10]"},
		{"127.0.0.1", []string{local}, nil, "127.0.0.1"},
		{"localhost", []string{local}, nil, "127.0.0.1"},
		{"lab.example", []string{"http://127.0.1.1:55151"}, nil, "127.0.0.1"},
		{"::1", []string{"http://[::1]:55151"}, nil, "[::1]"},
	}
	var taken net.Listener
	if err := room.teacher.enter(func() (err error) {
		taken, err = net.Listen("tcp4", "127.0.0.1:0")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, busy, _ := net.SplitHostPort(taken.Addr().String())
	refused := []struct {
		args       string
		says, hint string // what is in the line, and in the advice
	}{
		{"--host [::1", "“[::1” is neither", "10.72.72.1, 2001:db8:72::1, 127.0.0.1"},
		{"--host 300.1.1.1", "“300.1.1.1” is neither", "10.72.72.1"},
		{"--host 10.9.9.9", "10.9.9.9 is no address of this machine", "leave --host out"},
		{"--host 10.72.72.255", "10.72.72.255 is no address of this machine", "leave --host out"},
		{"--host elsewhere.example", "elsewhere.example is 192.0.2.81, which is no address", "leave --host out"},
		{"--host nobody.invalid", "no machine named “nobody.invalid”", "leave --host out"},
		{"--host fe80::1%wire", "fe80::1%wire is link-local: no browser", "10.72.72.1"},
		{"--chat " + busy, "port " + busy + " of this machine is in use", "another port with --chat"},
		{"--page " + busy, "port " + busy + " of this machine is in use", "another port with --page"},
		{"--host 127.0.0.1 --page " + busy, "port " + busy + " of this machine is in use", "another port with --page"},
		{"--chat 80", "port 80 of this machine is not to be had", "another with --chat"},
		{"--page 80", "port 80 of this machine is not to be had", "another with --page"},
		{"--chat 65536", "--chat: “65536” is no whole number from 0 to 65535", "lab serve --help"},
		{"--page -1", "--page: “-1” is no whole number from 0 to 65535", "lab serve --help"},
		{"--chat 9999 --page 9999", "--chat and --page both ask for port 9999: take two", "lab serve --help"},
		{"--chat 55151", "--chat and --page both ask for port 55151: take two", "lab serve --help"},
	}
	state := openDir(t)
	for stage, rights := range lessons(t) {
		for _, tt := range works {
			if a, err := netip.ParseAddr(tt.at); stage != "userspace" && tt.at != "" && (err != nil || a.IsUnspecified() || a.Is4In6()) {
				continue // it is one of the others before there is a stage
			}
			t.Run(stage+" "+tt.at, func(t *testing.T) {
				in := room.teacher.lesson(t, rights, "--stage", stage, "--host", tt.at)
				if !slices.Equal(in.here, tt.here) || !slices.Equal(in.class, tt.class) {
					t.Errorf("it is to be found at %q, want %q and %q", in, tt.here, tt.class)
				}
				ctx, cancel := context.WithTimeout(t.Context(), longest)
				defer cancel()
				for h, pages := range map[host][]string{room.teacher: in.here, room.others[0]: in.class} {
					for _, page := range pages {
						m, err := h.join(ctx, "", page, "mynick")
						if err != nil {
							t.Errorf("%s from %s: %v", page, h, err)
							continue
						}
						m.conn.CloseNow()
					}
				}
				client := "127.0.0.1" // a relay's
				if stage == "host" {
					client = tt.client
				}
				if err := room.teacher.watch(ctx, in.here[0], client); err != nil {
					t.Error(err)
				}
			})
		}
		for _, tt := range refused {
			if stage != "userspace" && (strings.HasPrefix(tt.args, "--host") || strings.HasSuffix(tt.hint, "--help")) {
				continue // no stage takes part
			}
			for command, more := range map[string][]string{"serve": nil, "guide": {"--state", state}} {
				if command == "guide" && (strings.Contains(tt.args, "--host") || strings.HasSuffix(tt.hint, "--help")) {
					continue // it has no --host, and the same flags
				}
				t.Run(command+" "+stage+" "+tt.args, func(t *testing.T) {
					args := append(append([]string{built(t), command, "--lang", "en", "--stage", stage}, strings.Fields(tt.args)...), more...)
					cmd := room.teacher.on(rights, args...)
					var stdout, stderr bytes.Buffer
					cmd.Stdout, cmd.Stderr = &stdout, &stderr
					_ = cmd.Run()
					lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
					if cmd.ProcessState.ExitCode() != exitFailed || stdout.Len() > 0 || len(lines) != 2 ||
						!strings.HasPrefix(lines[0], "lab: ") || !strings.Contains(lines[0], tt.says) || !strings.Contains(lines[1], tt.hint) {
						t.Errorf("it ends with %v and says\n%s%s", cmd.ProcessState, stdout.String(), stderr.String())
					}
				})
			}
		}
	}
}
