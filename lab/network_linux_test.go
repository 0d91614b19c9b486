package main

import (
	"os/exec"
	"strings"
	"testing"
)

// A loopback that is not up is told, with what to do; a machine without IPv6, or without
// an IPv4 address, has all the same.
func TestOddNetworks(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip(8): apt-get install iproute2")
	}
	lab := built(t)
	for _, tt := range []struct {
		name, script string
		host         bool   // there is a host stage
		invited      string // to this address
	}{
		{"a loopback that is down", "true", false, "http://127.0.0.1:"},
		{"no IPv6", "ip link set lo up && echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6", true, "http://127.0.0.1:"},
		{"no IPv4 address", "ip link set lo up && ip address add 2001:db8::7/128 dev lo", true, "http://[2001:db8::7]:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			command := func(args ...string) (*exec.Cmd, *strings.Builder) {
				cmd := exec.Command("unshare", append([]string{"-Urn", "sh", "-c", tt.script + ` && exec "$@"`, "sh", lab}, args...)...)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				return cmd, &stderr
			}
			cmd, stderr := command("run", "--json", "--stage", "host", "--lang", "en")
			_ = cmd.Run()
			if status := cmd.ProcessState.ExitCode(); tt.host && status != exitRight || !tt.host && (status != exitFailed || strings.Count(stderr.String(), "\n") != 2 || !strings.Contains(stderr.String(), "ip link set lo up")) {
				t.Errorf("run --stage host: status %d\n%s", status, stderr)
			}
			cmd, stderr = command("serve", "--chat", "0", "--page", "0")
			if said, err := served(t, cmd); err != nil || !strings.Contains(said, tt.invited) {
				t.Errorf("serve: %v\n%s%s", err, stderr, said)
			}
		})
	}
}
