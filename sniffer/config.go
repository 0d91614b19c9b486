package main

import (
	"fmt"
	"strconv"
	"strings"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/tcpdump"
)

// config is what the command line says.
type config struct {
	print tcpdump.Options

	device     string // -i
	read       string // -r
	write      string // -w
	filterFile string // -F
	expression string
	user       string // -Z
	count      uint64 // -c; 0: all
	snaplen    int    // -s
	buffer     int    // -B, in bytes

	immediate      bool // --immediate-mode
	packetBuffered bool // -U
	noPromiscuous  bool // -p
	alsoPrint      bool // --print
	onlyCount      bool // --count
	direction      capture.Direction

	list, help, version, linkTypes bool
	foreign                        bool // -f

	explain     explain.Options // --annotate, --websocket, --json, --follow
	isExplained bool            // one of them is there
	lang        string
}

// flags are tcpdump's, in the order of its manual, and ours. Those that change
// nothing here are taken and ignored.
var flags = []flag{
	{0, "annotate", false, explained(func(o *explain.Options) { o.Comments = true })},
	{0, "websocket", false, explained(func(o *explain.Options) { o.WebSocket = true })},
	{0, "json", false, explained(func(o *explain.Options) { o.Mode = explain.JSON })},
	{0, "follow", true, func(c *config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return hint("conversations are numbered from 0, as --json shows", "invalid conversation %s", v)
		}
		c.explain.Mode, c.explain.Conversation, c.isExplained = explain.Follow, n, true
		return nil
	}},
	{0, "lang", true, func(c *config, v string) error { c.lang = v; return nil }},
	{'A', "", false, func(c *config, _ string) error { c.print.ASCII++; return nil }},
	{'b', "", false, ignore},
	{'B', "buffer-size", true, func(c *config, v string) error {
		n := atoi(v)
		if n <= 0 || n > 1<<20 {
			return fmt.Errorf("invalid packet buffer size %s", v)
		}
		c.buffer = int(n) << 10
		return nil
	}},
	{'c', "", true, func(c *config, v string) error {
		n := atoi(v)
		if n <= 0 {
			return fmt.Errorf("invalid packet count %s", v)
		}
		c.count = uint64(n)
		return nil
	}},
	{0, "count", false, func(c *config, _ string) error { c.onlyCount = true; return nil }},
	{'D', "list-interfaces", false, func(c *config, _ string) error { c.list = true; return nil }},
	{'e', "", false, func(c *config, _ string) error { c.print.Link = true; return nil }},
	{'f', "", false, func(c *config, _ string) error { c.foreign = true; return nil }},
	{'F', "", true, func(c *config, v string) error { c.filterFile = v; return nil }},
	{'h', "help", false, func(c *config, _ string) error { c.help = true; return nil }},
	{'H', "", false, ignore},
	{'i', "interface", true, func(c *config, v string) error { c.device = v; return nil }},
	{0, "immediate-mode", false, func(c *config, _ string) error { c.immediate = true; return nil }},
	{'K', "dont-verify-checksums", false, func(c *config, _ string) error { c.print.NoChecksums = true; return nil }},
	{'l', "", false, func(c *config, _ string) error { c.print.LineBuffered = true; return nil }},
	{'L', "list-data-link-types", false, func(c *config, _ string) error { c.linkTypes = true; return nil }},
	{'M', "", true, func(c *config, v string) error { c.print.Secret = v; return nil }},
	{0, "micro", false, func(c *config, _ string) error { c.print.Nano = false; return nil }},
	{0, "nano", false, func(c *config, _ string) error { c.print.Nano = true; return nil }},
	{0, "time-stamp-precision", true, func(c *config, v string) error {
		switch v {
		case "micro":
			c.print.Nano = false
		case "nano":
			c.print.Nano = true
		default:
			return hint("micro or nano", "unable to parse time stamp precision %s", v)
		}
		return nil
	}},
	{'n', "", false, func(c *config, _ string) error { c.print.Numeric++; return nil }},
	{'N', "", false, func(c *config, _ string) error { c.print.NoDomain = true; return nil }},
	{'#', "number", false, func(c *config, _ string) error { c.print.Number = true; return nil }},
	{'O', "no-optimize", false, ignore},
	{'p', "no-promiscuous-mode", false, func(c *config, _ string) error { c.noPromiscuous = true; return nil }},
	{0, "print", false, func(c *config, _ string) error { c.alsoPrint = true; return nil }},
	{'q', "", false, func(c *config, _ string) error { c.print.Quiet++; return nil }},
	{'Q', "direction", true, setDirection},
	{'r', "", true, func(c *config, v string) error { c.read = v; return nil }},
	{'s', "snapshot-length", true, func(c *config, v string) error {
		n, rest := strtol(v, 0)
		if rest != "" || n < 0 || n > capture.MaxSnaplen {
			return fmt.Errorf("invalid snaplen %s (must be >= 0 and <= %d)", v, capture.MaxSnaplen)
		}
		c.snaplen = int(n)
		return nil
	}},
	{'S', "absolute-tcp-sequence-numbers", false, func(c *config, _ string) error { c.print.Absolute = true; return nil }},
	{'t', "", false, func(c *config, _ string) error { c.print.Time++; return nil }},
	{'u', "", false, ignore},
	{'U', "packet-buffered", false, func(c *config, _ string) error { c.packetBuffered = true; return nil }},
	{'v', "", false, func(c *config, _ string) error { c.print.Verbose++; return nil }},
	{0, "version", false, func(c *config, _ string) error { c.version = true; return nil }},
	{'w', "", true, func(c *config, v string) error { c.write = v; return nil }},
	{'x', "", false, func(c *config, _ string) error { c.print.Hex++; return nil }},
	{'X', "", false, func(c *config, _ string) error { c.print.HexASCII++; return nil }},
	{'Z', "relinquish-privileges", true, func(c *config, v string) error { c.user = v; return nil }},

	// tcpdump has these too; there is nothing like them here.
	{'C', "", true, notHere("-C", "")}, {'d', "", false, notHere("-d", "")},
	{'E', "", true, notHere("-E", "")}, {'G', "", true, notHere("-G", "")},
	{'I', "monitor-mode", false, notHere("-I", "")}, {'j', "time-stamp-type", true, notHere("-j", "")},
	{'J', "list-time-stamp-types", false, notHere("-J", "")}, {'T', "", true, notHere("-T", "")},
	{'V', "", true, notHere("-V", "-r")}, {'W', "", true, notHere("-W", "")},
	{'y', "linktype", true, notHere("-y", "")}, {'z', "", true, notHere("-z", "")},
}

func ignore(*config, string) error { return nil }

// explained is for a flag of what tcpdump lacks.
func explained(set func(*explain.Options)) func(*config, string) error {
	return func(c *config, _ string) error {
		set(&c.explain)
		c.isExplained = true
		return nil
	}
}

// notHere is for a flag of tcpdump's that has no meaning here.
func notHere(name, nearest string) func(*config, string) error {
	return func(*config, string) error {
		what := "sniffer -h lists all flags"
		if nearest != "" {
			what = "the nearest flag is " + nearest + "; " + what
		}
		return hint(what, "tcpdump's %s is not supported", name)
	}
}

func setDirection(c *config, v string) error {
	switch v {
	case "in":
		c.direction = capture.DirectionIn
	case "out":
		c.direction = capture.DirectionOut
	case "inout":
		c.direction = capture.DirectionUnknown
	default:
		return hint("in, out or inout", "unknown capture direction '%s'", v)
	}
	return nil
}

// parseArgs reads the command line.
func parseArgs(args []string) (*config, error) {
	c := &config{}
	words, err := getopt(args, flags, c)
	if err != nil {
		return nil, err
	}
	c.expression = strings.Join(words, " ")
	if c.print.Time > tcpdump.TimeSinceFirst {
		return nil, fmt.Errorf("only -t, -tt, -ttt, -tttt and -ttttt are supported")
	}
	if c.foreign && c.read != "" {
		return nil, fmt.Errorf("-f can not be used with -V or -r")
	}
	return c, nil
}
