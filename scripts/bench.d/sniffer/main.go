// Command sniffer in bench.d measures the sniffer beside tcpdump and tshark: the
// same files, in turns, in one run, output to /dev/null.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench sniffer:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("sniffer", flag.ContinueOnError)
	packets := flags.Int("packets", 1_000_000, "packets, and frames, in a file")
	rounds := flags.Int("rounds", 5, "rounds; the median counts")
	rate := flags.Int("live", 0, "capture so many packets a second on loopback for 10 s instead; needs root")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sniffer := filepath.Join(dir, "sniffer")
	build := exec.CommandContext(ctx, "go", "build", "-o", sniffer, "./sniffer")
	build.Dir = filepath.Join("..", "..", "..") // this is its own module
	build.Stderr = stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the sniffer: %w", err)
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	if *rate > 0 {
		if err := live(ctx, table, dir, sniffer, *rate, *rounds); err != nil {
			return err
		}
		return table.Flush()
	}
	chat, talk := filepath.Join(dir, "chat.pcap"), filepath.Join(dir, "frames.pcap")
	if err := chatter(chat, *packets); err != nil {
		return err
	}
	if err := frames(talk, *packets); err != nil {
		return err
	}
	fmt.Fprintln(table, "command\tpeer, million/s\tsniffer, million/s\tratio\tsniffer, MiB")
	for _, words := range []string{"-n -r", "-A -n -r", "-X -n -r"} {
		a := append(strings.Fields(words), chat)
		contest(ctx, table, stderr, words, *packets, *rounds,
			append([]string{"tcpdump"}, a...), append([]string{sniffer}, a...))
	}
	contest(ctx, table, stderr, "--websocket -n -r, beside tshark -T fields", *packets, *rounds,
		[]string{"tshark", "-r", talk, "-d", "tcp.port==7272,http", "-T", "fields", "-e", "websocket.payload.text"},
		[]string{sniffer, "--websocket", "-n", "-r", talk})
	return table.Flush()
}

// contest measures two commands in turns and prints the medians.
func contest(ctx context.Context, table, stderr io.Writer, name string, packets, rounds int, peer, ours []string) {
	var times [2][]float64
	var memory int64
	for range rounds {
		for i, command := range [][]string{peer, ours} {
			if i == 0 && slices.Contains(times[0], 0) || i == 0 && len(times[0]) > 0 && times[0][0] > 20 {
				continue // not here, or so slow that once is enough
			}
			seconds, rss, err := measure(ctx, command)
			if err != nil {
				fmt.Fprintf(stderr, "%s: %v\n", command[0], err)
			}
			times[i] = append(times[i], seconds)
			if i == 1 {
				memory = max(memory, rss)
			}
		}
	}
	rate := func(t []float64) float64 {
		slices.Sort(t)
		if m := t[len(t)/2]; m > 0 {
			return float64(packets) / m / 1e6
		}
		return 0
	}
	a, b := rate(times[0]), rate(times[1])
	fmt.Fprintf(table, "%s\t%.3f\t%.3f\t%.1f\t%d\n", name, a, b, b/a, memory>>20)
}

// measure gives a command's wall time in seconds and its largest resident set in
// bytes.
func measure(ctx context.Context, command []string) (float64, int64, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return 0, 0, err
	}
	defer null.Close()
	cmd.Stdout = null
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, err
	}
	seconds := time.Since(start).Seconds()
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return seconds, usage.Maxrss << 10, nil
}
