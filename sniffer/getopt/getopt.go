// Package getopt reads command lines as getopt_long(3) of the GNU C library does:
// short options clustered, values attached or apart, long names cut short or
// with "=", options behind words.
package getopt

import (
	"slices"
	"strings"

	"chatlab/sniffer/spelling"
)

// An Option is one that a command has.
type Option struct {
	Short byte   // 0: none
	Long  string // "": none
	Value string // names its value; "": it takes none
	// Set is told that the option was given, and its value; nil: nobody needs to be.
	Set func(value string) error
}

// String gives the option as it is written: "-i", or "--json" if it has no short
// name.
func (o Option) String() string {
	if o.Short != 0 {
		return "-" + string(o.Short)
	}
	return "--" + o.Long
}

func (o Option) set(value string) error {
	if o.Set == nil {
		return nil
	}
	return o.Set(value)
}

// Parse reads a command line and returns the words that are no options. It goes
// on behind what is wrong, and returns the first error.
func Parse(args []string, options []Option) (words []string, err error) {
	return read(args, options, false)
}

// ParseLongOnly is Parse for who has long names in mind: one dash before a whole
// one is as good as two (getopt_long_only(3)).
func ParseLongOnly(args []string, options []Option) (words []string, err error) {
	return read(args, options, true)
}

func read(args []string, options []Option, longOnly bool) (words []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var wrong error
		switch {
		case arg == "--":
			return append(words, args...), err
		case strings.HasPrefix(arg, "--"):
			args, wrong = long(arg[2:], args, options)
		case longOnly && len(arg) > 2 && arg[0] == '-' && isName(arg[1:], options):
			args, wrong = long(arg[1:], args, options)
		case len(arg) > 1 && arg[0] == '-':
			args, wrong = short(arg[1:], args, options)
		default:
			words = append(words, arg)
		}
		if err == nil {
			err = wrong
		}
	}
	return words, err
}

// isName tells whether arg is an option's whole long name, with or without "=".
func isName(arg string, options []Option) bool {
	name, _, _ := strings.Cut(arg, "=")
	return slices.ContainsFunc(options, func(o Option) bool { return o.Long == name })
}

// short reads a cluster of letters, and from args a value that stands apart.
func short(cluster string, args []string, options []Option) ([]string, error) {
	for cluster != "" {
		letter := cluster[0]
		cluster = cluster[1:]
		i := slices.IndexFunc(options, func(o Option) bool { return o.Short != 0 && o.Short == letter })
		if i < 0 {
			return args, unknownLetter(letter, options)
		}
		o, value := options[i], ""
		if o.Value != "" {
			switch {
			case cluster != "":
				value, cluster = cluster, ""
			case len(args) > 0:
				value, args = args[0], args[1:]
			default:
				return args, &Error{Fault: LetterNeedsValue, Name: string(letter)}
			}
		}
		if err := o.set(value); err != nil {
			return args, err
		}
	}
	return args, nil
}

// long reads a name, and from args a value that stands apart.
func long(name string, args []string, options []Option) ([]string, error) {
	name, value, attached := strings.Cut(name, "=")
	var found []Option
	for _, o := range options {
		if o.Long == name && name != "" {
			found = []Option{o}
			break
		}
		if o.Long != "" && strings.HasPrefix(o.Long, name) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return args, unknownName(name, options)
	case 1:
	default:
		e := &Error{Fault: AmbiguousName, Name: name}
		for _, o := range found {
			e.Suggestions = append(e.Suggestions, "--"+o.Long)
		}
		return args, e
	}
	o := found[0]
	switch {
	case attached && o.Value == "":
		return args, &Error{Fault: NameTakesNone, Name: o.Long}
	case o.Value != "" && !attached && len(args) == 0:
		return args, &Error{Fault: NameNeedsValue, Name: o.Long}
	case o.Value != "" && !attached:
		value, args = args[0], args[1:]
	}
	return args, o.set(value)
}

// unknownLetter suggests the same letter in the other case.
func unknownLetter(letter byte, options []Option) error {
	e := &Error{Fault: UnknownLetter, Name: string(letter)}
	other := letter ^ 0x20
	if slices.ContainsFunc(options, func(o Option) bool { return o.Short == other }) {
		e.Suggestions = []string{"-" + string(other)}
	}
	return e
}

// unknownName suggests the nearest name, where no more than a third of the letters
// are others.
func unknownName(name string, options []Option) error {
	e := &Error{Fault: UnknownName, Name: name}
	least := 2 + len(name)/4
	for _, o := range options {
		if o.Long == "" {
			continue
		}
		if d := spelling.Distance(name, o.Long); d < least {
			e.Suggestions, least = []string{"--" + o.Long}, d
		}
	}
	return e
}
