package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// In a container of any kind the scenario plays: in user space at worst.
func TestInContainers(t *testing.T) {
	if out, err := exec.Command("docker", "version").CombinedOutput(); err != nil {
		t.Skipf("no containers to test in (%v): install docker and start it\n%s", err, out)
	}
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "lab"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nCOPY lab /lab\nENTRYPOINT [\"/lab\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	image := fmt.Sprintf("chatlab-test-%d", os.Getpid())
	if out, err := exec.CommandContext(t.Context(), "docker", "build", "-t", image, dir).CombinedOutput(); err != nil {
		t.Skipf("no image can be built: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("docker", "rmi", "-f", image).Run() })
	for _, options := range []string{
		"", "--cap-drop=ALL", "--read-only", "--user=1000", "--security-opt=no-new-privileges", "--network=none",
		"--cap-drop=ALL --read-only --user=1000 --security-opt=no-new-privileges --network=none",
	} {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			run := func(args ...string) (string, int) {
				args = append(append([]string{"run", "--rm"}, strings.Fields(options)...), append([]string{image}, args...)...)
				cmd := exec.CommandContext(t.Context(), "docker", args...)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				_ = cmd.Run()
				return stderr.String(), cmd.ProcessState.ExitCode()
			}
			said, status := run("run")
			if status != exitRight || !strings.HasPrefix(said, "stage ") || strings.Count(said, "\n") != 1 {
				t.Errorf("run: status %d\n%s", status, said)
			}
			if strings.Contains(options, "--cap-drop=ALL") && !strings.HasPrefix(said, "stage userspace: ") {
				t.Errorf("without a capability it says\n%s", said)
			}
			// A user whom the container does not know has / for a home.
			if said, status = run("guide"); strings.Contains(options, "--user") && (status != exitFailed || strings.Count(said, "\n") != 2 || !strings.Contains(said, "--state DIR")) {
				t.Errorf("guide: status %d\n%s", status, said)
			}
		})
	}
}
