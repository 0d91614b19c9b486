package getopt

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue/cataloguetest"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ args, given, words string }{
		{"-Ans 4096 -iany port 7272", "A n s=4096 interface=any", "port 7272"},
		{"-Ans4096", "A n s=4096", ""},
		{"--interface=lo --inter lo --number", "interface=lo interface=lo number", ""},
		{"port --number 7272 -n", "number n", "port 7272"},
		{"-n -- -A port", "n", "-A port"},
		{"-", "", "-"},
		{"--nu -A", "number A", ""},
	} {
		given, words, err := parse(tt.args)
		if err != nil || given != tt.given || words != tt.words {
			t.Errorf("%s: given %q, words %q, %v", tt.args, given, words, err)
		}
	}
}

// The first error is told, and what follows it is read all the same.
func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		args  string
		fault Fault
		name  string
		near  []string
		given string
	}{
		{"-a -n", UnknownLetter, "a", []string{"-A"}, "n"},
		{"-7n --bogus-name", UnknownLetter, "7", nil, ""},
		{"--nubmer -n", UnknownName, "nubmer", []string{"--number"}, "n"},
		{"--x", UnknownName, "x", nil, ""},
		{"--n", AmbiguousName, "n", []string{"--number", "--nano"}, ""},
		{"-ns", LetterNeedsValue, "s", nil, "n"},
		{"--interface", NameNeedsValue, "interface", nil, ""},
		{"--number=3 -A", NameTakesNone, "number", nil, "A"},
	} {
		given, _, err := parse(tt.args)
		var e *Error
		if !errors.As(err, &e) || e.Fault != tt.fault || e.Name != tt.name || !slices.Equal(e.Suggestions, tt.near) || given != tt.given {
			t.Errorf("%s: %+v, given %q", tt.args, err, given)
		}
	}
}

func parse(args string) (given, words string, err error) {
	var all []string
	options := []Option{{Short: 'A'}, {Short: 'n'}, {Short: 's', Value: "N"}, {Short: 'i', Long: "interface", Value: "NAME"}, {Long: "number"}, {Long: "nano"}}
	for i, o := range options {
		name := o.Long
		if name == "" {
			name = string(o.Short)
		}
		options[i].Set = func(v string) error {
			if v != "" {
				v = "=" + v
			}
			all = append(all, name+v)
			return nil
		}
	}
	rest, err := Parse(strings.Fields(args), append(options, Option{Short: 'O'}))
	return strings.Join(all, " "), strings.Join(rest, " "), err
}

func FuzzParse(f *testing.F) {
	f.Add("-Ans4096 --interface=lo --n -- -")
	f.Fuzz(func(t *testing.T, args string) {
		if _, words, err := parse(args); err == nil && len(words) > len(args) {
			t.Errorf("%q: more words than there were: %q", args, words)
		}
	})
}

// A whole long name may have one dash where names are what is meant, and is a
// cluster of letters elsewhere.
func TestLongOnly(t *testing.T) {
	var given []string
	add := func(name string) func(string) error {
		return func(value string) error { given = append(given, name+"="+value); return nil }
	}
	options := []Option{{Short: 'l', Set: add("l")}, {Short: 'a', Set: add("a")}, {Long: "lang", Value: "L", Set: add("lang")}, {Short: 'w', Value: "FILE", Set: add("w")}}
	words, err := ParseLongOnly(strings.Fields("-lang fr -lang=zh -la -w -lang --lang en x -- -lang"), options)
	if want := []string{"lang=fr", "lang=zh", "l=", "a=", "w=-lang", "lang=en"}; err != nil || !slices.Equal(given, want) || !slices.Equal(words, []string{"x", "-lang"}) {
		t.Errorf("given %q, words %q, %v", given, words, err)
	}
	if _, err := Parse([]string{"-lang"}, options); err == nil {
		t.Error("-lang is no cluster")
	}
}

func TestEveryFaultHasItsText(t *testing.T) {
	for _, fault := range cataloguetest.Constants(t, ".", "Fault") {
		if (&Error{Fault: Fault(fault)}).Error() == "" {
			t.Errorf("%s has no text", fault)
		}
	}
}
