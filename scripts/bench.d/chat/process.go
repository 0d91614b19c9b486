package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// process is a server that is measured.
type process struct {
	cmd  *exec.Cmd
	addr string
}

func buildOurs(dir string) error {
	cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "chatserver"), "./chatserver")
	cmd.Dir = "../../.."
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// startServer starts a server on a free port, without limits.
func startServer(set *settings, name string) (*process, error) {
	var cmd *exec.Cmd
	if name == "ours" {
		cmd = exec.Command(filepath.Join(set.dir, "chatserver"), "--listen", "127.0.0.1:0", "--rate", "0")
	} else {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd = exec.Command(self, "serve", name)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s does not start: %w", name, err)
	}
	go io.Copy(io.Discard, out)
	fields := strings.Fields(line)
	return &process{cmd: cmd, addr: fields[len(fields)-1]}, nil
}

func (p *process) stop() error {
	p.cmd.Process.Signal(os.Interrupt)
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case <-done:
		return nil
	case <-time.After(10 * time.Second):
		p.cmd.Process.Kill()
		<-done
		return errors.New("the server does not end")
	}
}

// cpu returns the processor time used so far: utime and stime of proc(5), in
// ticks of 10 ms.
func (p *process) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// rss returns the resident memory, in bytes.
func (p *process) rss() int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(b))[1])
	return pages * os.Getpagesize()
}
