package main

import (
	"strconv"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/getopt"
)

// flag is a row of the tables.
type flag struct {
	Short byte
	Long  string
	Value string
	Set   func(value string) error
}

// flags are tcpdump's, in the order of its manual, behind ours. What a flag is
// for stands in the texts under its name; those that set nothing are taken and
// ignored. What a value is has a text too, unless it is one of a few words.
func (o *options) flags() []getopt.Option {
	in, out, print := &o.source, &o.output, &o.output.print
	var flags []getopt.Option
	for _, f := range []flag{
		{0, "annotate", "", out.explained(func(e *explain.Options) { e.Comments = true })},
		{0, "websocket", "", out.explained(func(e *explain.Options) { e.WebSocket = true })},
		{0, "json", "", out.explained(func(e *explain.Options) { e.Mode = explain.JSON })},
		{0, "follow", "N", o.setConversation},
		{0, "lang", "en|fr|zh", text(&o.lang)},

		{'A', "", "", more(&print.ASCII)},
		{'b', "", "", nil},
		{'B', "buffer-size", "KiB", o.setBuffer},
		{'c', "", "N", o.setCount},
		{0, "count", "", is(&out.onlyCount)},
		{'D', "list-interfaces", "", is(&o.list)},
		{'e', "", "", is(&print.Link)},
		{'f', "", "", is(&o.foreign)},
		{'F', "", "file", text(&o.filter.file)},
		{'h', "help", "", is(&o.help)},
		{'H', "", "", nil},
		{'i', "interface", "interface", text(&in.capture.Interface)},
		{0, "immediate-mode", "", is(&in.capture.Immediate)},
		{'K', "dont-verify-checksums", "", is(&print.NoChecksums)},
		{'l', "", "", is(&print.LineBuffered)},
		{'L', "list-data-link-types", "", is(&o.linkTypes)},
		{'M', "", "secret", text(&print.Secret)},
		{0, "micro", "", set(&print.Nano, false)},
		{0, "nano", "", is(&print.Nano)},
		{0, "time-stamp-precision", "micro|nano", o.setPrecision},
		{'n', "", "", more(&print.Numeric)},
		{'N', "", "", is(&print.NoDomain)},
		{'#', "number", "", is(&print.Number)},
		{'O', "no-optimize", "", nil},
		{'p', "no-promiscuous-mode", "", set(&in.capture.Promiscuous, false)},
		{0, "print", "", is(&out.alsoPrint)},
		{'q', "", "", more(&print.Quiet)},
		{'Q', "direction", "in|out|inout", o.setDirection},
		{'r', "", "file", text(&in.file)},
		{'s', "snapshot-length", "bytes", o.setSnaplen},
		{'S', "absolute-tcp-sequence-numbers", "", is(&print.Absolute)},
		{'t', "", "", more(&print.Time)},
		{'u', "", "", nil},
		{'U', "packet-buffered", "", is(&out.each)},
		{'v', "", "", more(&print.Verbose)},
		{0, "version", "", is(&o.version)},
		{'w', "", "file", text(&out.file)},
		{'x', "", "", more(&print.Hex)},
		{'X', "", "", more(&print.HexASCII)},
		{'Z', "relinquish-privileges", "user", text(&o.user)},
	} {
		flags = append(flags, getopt.Option(f))
	}
	for _, f := range unsupported {
		f.Set = func(string) error { return notSupported(f) }
		flags = append(flags, f)
	}
	return flags
}

// unsupported are the flags that only tcpdump has.
var unsupported = []getopt.Option{
	{Short: 'C', Value: "N"}, {Short: 'd'}, {Short: 'E', Value: "secret"}, {Short: 'G', Value: "N"},
	{Short: 'I', Long: "monitor-mode"}, {Short: 'j', Long: "time-stamp-type", Value: "N"},
	{Short: 'J', Long: "list-time-stamp-types"}, {Short: 'T', Value: "N"}, {Short: 'V', Value: "file"},
	{Short: 'W', Value: "N"}, {Short: 'y', Long: "linktype", Value: "N"}, {Short: 'z', Value: "N"},
}

func notSupported(f getopt.Option) error {
	e := texts.Error("options.unsupported", "flag", f)
	if f.Short == 'V' {
		return e.WithHint(texts.Message("hint.nearest", "flag", "-r", "flags", seeFlags()))
	}
	return e.WithHint(seeFlags())
}

func set[T any](at *T, to T) func(string) error {
	return func(string) error { *at = to; return nil }
}

func is(at *bool) func(string) error { return set(at, true) }

func text(at *string) func(string) error {
	return func(v string) error { *at = v; return nil }
}

// more is for a flag that counts how often it is given.
func more[T ~int | ~uint8](at *T) func(string) error {
	return func(string) error { *at++; return nil }
}

func (o *options) setConversation(v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		return texts.Error("invalid.conversation", "value", v).WithHint(texts.Message("hint.conversation"))
	}
	return o.output.explained(func(e *explain.Options) { e.Mode, e.Conversation = explain.Follow, n })(v)
}

func (o *options) setBuffer(v string) error {
	n := getopt.Atoi(v)
	if n <= 0 || n > 1<<20 {
		return texts.Error("invalid.buffer", "value", v)
	}
	o.source.capture.Buffer = int(n) << 10
	return nil
}

func (o *options) setCount(v string) error {
	n := getopt.Atoi(v)
	if n <= 0 {
		return texts.Error("invalid.count", "value", v)
	}
	o.count = uint64(n)
	return nil
}

func (o *options) setPrecision(v string) error {
	if v != "micro" && v != "nano" {
		return texts.Error("invalid.precision", "value", v).WithHint(texts.Message("hint.precision"))
	}
	o.output.print.Nano = v == "nano"
	return nil
}

func (o *options) setDirection(v string) error {
	direction, ok := map[string]capture.Direction{
		"in": capture.DirectionIn, "out": capture.DirectionOut, "inout": capture.DirectionUnknown,
	}[v]
	if !ok {
		return texts.Error("invalid.direction", "value", v).WithHint(texts.Message("hint.direction"))
	}
	o.filter.direction = direction
	return nil
}

func (o *options) setSnaplen(v string) error {
	n, rest := getopt.Strtol(v, 0)
	if rest != "" || n < 0 || n > capture.MaxSnaplen {
		return texts.Error("invalid.snaplen", "value", v, "max", capture.MaxSnaplen)
	}
	o.source.capture.Snaplen = int(n)
	return nil
}
