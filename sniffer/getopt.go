package main

import (
	"fmt"
	"slices"
	"strings"

	"chatlab/sniffer/spelling"
)

// A flag is one of the command line.
type flag struct {
	short byte   // 0: none
	long  string // "": none
	value bool   // it takes one
	set   func(c *config, value string) error
}

// getopt reads args as getopt_long(3) does: short flags clustered, values
// attached or apart, long names cut short or with "=", flags behind words. It
// returns the words that are no flags.
func getopt(args []string, flags []flag, c *config) (words []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			return append(words, args...), nil
		case strings.HasPrefix(arg, "--"):
			args, err = longFlag(arg[2:], args, flags, c)
		case len(arg) > 1 && arg[0] == '-':
			args, err = shortFlags(arg[1:], args, flags, c)
		default:
			words = append(words, arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return words, nil
}

func shortFlags(cluster string, args []string, flags []flag, c *config) ([]string, error) {
	for cluster != "" {
		letter := cluster[0]
		cluster = cluster[1:]
		i := slices.IndexFunc(flags, func(f flag) bool { return f.short != 0 && f.short == letter })
		if i < 0 {
			return nil, unknownShort(letter, flags)
		}
		f := flags[i]
		value := ""
		if f.value {
			switch {
			case cluster != "":
				value, cluster = cluster, ""
			case len(args) > 0:
				value, args = args[0], args[1:]
			default:
				return nil, hint("sniffer -h lists all flags", "option requires an argument -- '%c'", letter)
			}
		}
		if err := f.set(c, value); err != nil {
			return nil, err
		}
	}
	return args, nil
}

func longFlag(name string, args []string, flags []flag, c *config) ([]string, error) {
	name, value, attached := strings.Cut(name, "=")
	var found []flag
	for _, f := range flags {
		if f.long == name && name != "" {
			found = []flag{f}
			break
		}
		if f.long != "" && strings.HasPrefix(f.long, name) {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 0:
		return nil, unknownLong(name, flags)
	case len(found) > 1:
		var names []string
		for _, f := range found {
			names = append(names, "'--"+f.long+"'")
		}
		return nil, fmt.Errorf("option '--%s' is ambiguous; possibilities: %s", name, strings.Join(names, " "))
	}
	f := found[0]
	switch {
	case attached && !f.value:
		return nil, fmt.Errorf("option '--%s' doesn't allow an argument", f.long)
	case f.value && !attached && len(args) == 0:
		return nil, hint("sniffer -h lists all flags", "option '--%s' requires an argument", f.long)
	case f.value && !attached:
		value, args = args[0], args[1:]
	}
	return args, f.set(c, value)
}

func unknownShort(letter byte, flags []flag) error {
	other := letter ^ 0x20
	for _, f := range flags {
		if f.short == other {
			return hint(fmt.Sprintf("did you mean -%c? sniffer -h lists all flags", other), "invalid option -- '%c'", letter)
		}
	}
	return hint("sniffer -h lists all flags", "invalid option -- '%c'", letter)
}

func unknownLong(name string, flags []flag) error {
	best, distance := "", len(name)
	for _, f := range flags {
		if f.long == "" {
			continue
		}
		if d := spelling.Distance(name, f.long); d < distance {
			best, distance = f.long, d
		}
	}
	if best == "" {
		return hint("sniffer -h lists all flags", "unrecognized option '--%s'", name)
	}
	return hint(fmt.Sprintf("did you mean --%s? sniffer -h lists all flags", best), "unrecognized option '--%s'", name)
}
