package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"chatlab/lab/stage"
)

func TestMain(m *testing.M) {
	if stage.Broker(os.Args[1:]) || restricted(os.Args[1:]) {
		return
	}
	testscript.Main(tests{m}, map[string]func(){"lab": main})
}

// The scripts run the command as a user does.
func TestScripts(t *testing.T) {
	documented, err := os.ReadFile("testdata/tcpdump-2014.txt")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			return os.WriteFile(filepath.Join(env.WorkDir, "documented.txt"), documented, 0o644)
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "namespaces":
				return namespaces() == "", nil
			}
			return false, fmt.Errorf("no condition %q", name)
		},
	})
}

// namespaces tells why this machine makes no user and network namespaces, or "".
func namespaces() string {
	if out, err := exec.Command("unshare", "-Urn", "true").CombinedOutput(); err != nil {
		return fmt.Sprintf("unshare -Urn: %s (%v); allow user namespaces", strings.TrimSpace(string(out)), err)
	}
	return ""
}

// built gives the command, built once and where every user can run it.
func built(t *testing.T) string {
	t.Helper()
	file, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

var buildDir string

var build = sync.OnceValues(func() (string, error) {
	var err error
	if buildDir, err = os.MkdirTemp("", "lab"); err != nil {
		return "", err
	}
	if err := os.Chmod(buildDir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(buildDir, "lab")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return file, nil
})

// tests runs the tests, and removes what was built for them.
type tests struct{ *testing.M }

func (m tests) Run() int {
	defer func() {
		if buildDir != "" {
			os.RemoveAll(buildDir)
		}
	}()
	return m.M.Run()
}

// unprivileged gives the command that runs args as a user without any right.
func unprivileged(args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "/"
	return cmd
}

type report struct {
	Stage     string
	Packets   int
	Extra     int
	ExtraAcks int `json:"extra_acks"`
	Fields    map[string]struct{ Equal, Of, Must int }
	Bytes     int
	Identical int `json:"identical_bytes"`
	// Why the connections were not prepared.
	Unprepared string
}

// right tells whether as many packets as that must be, and are, as documented in a field.
func (r *report) right(name string, packets int) bool {
	f := r.Fields[name]
	return f.Equal == packets && f.Of == packets && f.Must == packets
}

// played runs the scenario and gives its report.
func played(lab, stage string) (r report, err error) {
	out, err := unprivileged(lab, "run", "--json", "--stage", stage).Output()
	if e := json.Unmarshal(out, &r); e != nil {
		return r, fmt.Errorf("%w: %v\n%s", e, err, out)
	}
	return r, err
}

// playedByKernel runs the scenario on a kernel's stage. Where an answer took the machine
// longer than the 40 ms that a kernel waits for it (TCP_ATO_MIN in include/net/tcp.h),
// which is no fault of the program's, it plays again; thrice in a row it is.
func playedByKernel(lab, stage string) (r report, err error) {
	for range 3 {
		if r, err = played(lab, stage); err == nil || r.Extra == 0 || r.Extra != r.ExtraAcks {
			break
		}
	}
	return r, err
}

func TestRunTenTimesUnprivileged(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	tenTimes(t, playedByKernel, "namespace", "absolute_seq", "absolute_ack", "window")
}

// In user space no answer comes late, whatever else the machine does.
func TestRunTenTimesInUserSpace(t *testing.T) {
	underLoad(t)
	tenTimes(t, played, "userspace", "window")
}

// tenTimes plays the scenario on a stage that can have all as documented, and of what
// not every stage can have these fields.
func tenTimes(t *testing.T, play func(lab, stage string) (report, error), stage string, more ...string) {
	lab := built(t)
	for i := range 10 {
		r, err := play(lab, stage)
		if err != nil {
			t.Fatalf("run %d: %v: %+v", i+1, err, r)
		}
		if r.Stage != stage || r.Packets != 19 {
			t.Errorf("run %d: stage %s, %d packets", i+1, r.Stage, r.Packets)
		}
		if strings.Contains(r.Unprepared, "not permitted") {
			t.Skip(r.Unprepared + "; give CAP_NET_ADMIN over the namespace")
		}
		for _, name := range append([]string{"direction", "flags", "seq", "ack", "length", "options"}, more...) {
			if !r.right(name, 19) {
				t.Errorf("run %d: %s %+v", i+1, name, r.Fields[name])
			}
		}
		if !r.right("payload", 9) {
			t.Errorf("run %d: payload %+v", i+1, r.Fields["payload"])
		}
		// In the rest no field must be equal, and hardly a byte is.
		for _, name := range []string{"time", "ts", "id"} {
			if f := r.Fields[name]; f.Of != 19 || f.Must != 0 || f.Equal > 2 {
				t.Errorf("run %d: %s %+v", i+1, name, f)
			}
		}
		least := 2000 + 60*len(more)
		if r.Bytes != 2443 || r.Identical < least || r.Identical == r.Bytes {
			t.Errorf("run %d: %d of %d bytes are identical", i+1, r.Identical, r.Bytes)
		}
	}
}

func TestRunsAtTheSameTime(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab := built(t)
	var runs sync.WaitGroup
	for i := range 3 {
		runs.Go(func() {
			if r, err := playedByKernel(lab, "namespace"); err != nil {
				t.Errorf("run %d: %v: %+v", i+1, err, r)
			}
		})
	}
	runs.Wait()
}

// A run that is stopped leaves no process and a whole file behind.
func TestRunInterrupted(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stderr strings.Builder
	stdout := &trigger{on: "TCP handshake 3/3", do: cancel}
	file := filepath.Join(t.TempDir(), "cut.pcap")
	status := run(ctx, []string{"run", "--stage", "namespace", "--pace", "documented", "--with-earlier", "-w", file}, stdout, &stderr, func(string) string { return "" })
	if status != exitDiffers || !strings.Contains(stderr.String(), "Interrupted after") {
		t.Errorf("status %d\n%s", status, stderr.String())
	}
	if info, err := os.Stat(file); err != nil || info.Size() < 24+3*16 {
		t.Errorf("the file is %v, %v", info, err)
	}
}

// trigger calls do when the text on has been written.
type trigger struct {
	seen strings.Builder
	on   string
	do   func()
}

func (w *trigger) Write(b []byte) (int, error) {
	w.seen.Write(b)
	if strings.Contains(w.seen.String(), w.on) {
		w.do()
	}
	return len(b), nil
}

// The file that replay writes reads the same in tcpdump and in our sniffer.
func TestFilePrintsAsTcpdump(t *testing.T) {
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("tcpdump is not here (Debian: apt-get install tcpdump)")
	}
	dir := t.TempDir()
	file, sniffer := filepath.Join(dir, "f.pcap"), filepath.Join(dir, "sniffer")
	if status := run(t.Context(), []string{"replay", "--plain", "-w", file}, io.Discard, io.Discard, func(string) string { return "" }); status != 0 {
		t.Fatalf("replay: status %d", status)
	}
	if out, err := exec.Command("go", "build", "-o", sniffer, "../sniffer").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, flags := range []string{"-Ans 4096", "-n", "-XAns 4096", "-nS", "-ntttt", "-nvv", "-ne"} {
		for _, zone := range []string{"Asia/Shanghai", "UTC"} {
			args := append(strings.Fields(flags), "-r", file)
			var printed [2]string
			for i, program := range []string{tcpdump, sniffer} {
				cmd := exec.Command(program, args...)
				cmd.Env = append(os.Environ(), "TZ="+zone)
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%s %s: %v", program, flags, err)
				}
				printed[i] = string(out)
			}
			if printed[0] != printed[1] || !strings.Contains(printed[0], "Flags") {
				t.Errorf("%s: tcpdump prints\n%s\nand the sniffer\n%s", flags, printed[0], printed[1])
			}
		}
	}
}
