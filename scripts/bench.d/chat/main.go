// Chat measures the chat server beside a hub of the same shape on lxzan/gws, one
// on gorilla/websocket, and a bare fan-out over TCP without a WebSocket library,
// which is what the machine can do at all. Each is a process of its own, run one
// after another with the same load from this process; what is printed are the
// medians of several rounds. It writes no file that stays.
//
// It needs Linux (epoll, /proc).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" { // started by itself
		if err := servePeer(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		return
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// settings are how much is measured.
type settings struct {
	rounds  int
	seconds time.Duration
	idle    int
	dir     string // for the server's binary
	stderr  io.Writer
}

func run(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("bench chat", flag.ContinueOnError)
	fs.SetOutput(stderr)
	set := settings{stderr: stderr}
	fs.IntVar(&set.rounds, "rounds", 5, "rounds; the medians are printed")
	fs.DurationVar(&set.seconds, "time", 4*time.Second, "how long each load lasts")
	fs.IntVar(&set.idle, "idle", 10000, "connections for the memory of an idle one")
	servers := fs.String("servers", "ours,gws,gorilla,bare", "which servers")
	loads := fs.String("loads", "full,steady,large,idle,stopped", "which loads")
	if fs.Parse(args) != nil || fs.NArg() > 0 {
		return 2
	}
	dir, err := os.MkdirTemp("", "bench-chat-")
	if err == nil {
		defer os.RemoveAll(dir)
		set.dir = dir
		err = buildOurs(dir)
	}
	if err == nil {
		err = measureAll(&set, strings.Split(*servers, ","), strings.Split(*loads, ","), stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	return 0
}

// figures are what is measured, by name, in the order of the table.
type figures map[string][]float64

func (f figures) add(name string, v float64) { f[name] = append(f[name], v) }

func (f figures) median(name string) float64 {
	v := slices.Sorted(slices.Values(f[name]))
	if len(v) == 0 {
		return 0
	}
	return v[len(v)/2]
}

func measureAll(set *settings, servers, loads []string, stdout io.Writer) error {
	all := make(map[string]figures)
	for _, s := range servers {
		all[s] = make(figures)
	}
	for _, name := range loads {
		if _, ok := loadsByName[name]; !ok {
			return fmt.Errorf("no load %q", name)
		}
	}
	for round := range set.rounds {
		for _, name := range loads {
			if err := measureLoad(set, round, name, servers, all); err != nil {
				return err
			}
		}
	}
	printTable(stdout, servers, all)
	return nil
}

// measureLoad measures one load on each server that it is for.
func measureLoad(set *settings, round int, name string, servers []string, all map[string]figures) error {
	l := loadsByName[name]
	for _, s := range servers {
		if l.oursOnly && s != "ours" || round > 0 && l.once {
			continue
		}
		fmt.Fprintf(set.stderr, "round %d of %d: %s, %s\n", round+1, set.rounds, name, s)
		if err := l.measure(set, s, all[s]); err != nil {
			return fmt.Errorf("%s, %s: %w", name, s, err)
		}
	}
	return nil
}

func printTable(w io.Writer, servers []string, all map[string]figures) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "\t%s\t\n", strings.Join(servers, "\t"))
	for _, row := range rows {
		empty := true
		line := row.title
		for _, s := range servers {
			if len(all[s][row.name]) == 0 {
				line += "\t-"
				continue
			}
			empty = false
			line += "\t" + fmt.Sprintf(row.format, all[s].median(row.name))
		}
		if !empty {
			fmt.Fprintln(tw, line+"\t")
		}
	}
	tw.Flush()
}

var rows = []struct{ name, title, format string }{
	{"full/rate", "200 members, 4 senders, 8 in flight: deliveries/s", "%.0f"},
	{"full/cpu", "server CPU per delivery, ns", "%.0f"},
	{"full/lacking", "members that did not receive all in the end", "%.0f"},
	{"steady/p50", "200 members, 80000 deliveries/s: p50, µs", "%.0f"},
	{"steady/rate", "deliveries/s", "%.0f"},
	{"steady/p99", "p99, µs", "%.0f"},
	{"steady/cpu", "server CPU per delivery, ns", "%.0f"},
	{"large/rate", "1000 members, 4 senders, 4 in flight: deliveries/s", "%.0f"},
	{"large/cpu", "server CPU per delivery, ns", "%.0f"},
	{"large/lacking", "members that did not receive all in the end", "%.0f"},
	{"idle/rss", "memory per idle connection, bytes", "%.0f"},
	{"stopped/before", "200 members at full load: deliveries/s", "%.0f"},
	{"stopped/after", "the same while one does not read, per other member", "%.0f"},
	{"stopped/loss", "the others' loss, %", "%.1f"},
	{"stopped/cpu-before", "server CPU per delivery before, ns", "%.0f"},
	{"stopped/cpu-after", "and after, ns", "%.0f"},
	{"stopped/closed", "that one is closed after, s", "%.2f"},
	{"stopped/rss", "memory gained when it is gone, KiB", "%.0f"},
}
