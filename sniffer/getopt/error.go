package getopt

import (
	"embed"
	"strings"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var embedded embed.FS

var texts = catalogue.Must(embedded, "texts")

// A Fault is what can be wrong with an option that was given.
type Fault string

// The faults, for which getopt_long has different words for letters and names.
const (
	UnknownLetter    Fault = "unknown-letter"
	UnknownName      Fault = "unknown-name"
	AmbiguousName    Fault = "ambiguous-name" // it begins several options' names
	LetterNeedsValue Fault = "letter-needs-value"
	NameNeedsValue   Fault = "name-needs-value"
	NameTakesNone    Fault = "name-takes-none" // but a value was given with "="
)

// An Error is what is wrong with an option that was given.
type Error struct {
	Fault Fault
	Name  string // the option, without its dashes
	// Suggestions are the options that may be meant: of an ambiguous name all that it
	// begins, of an unknown one the nearest if there is one.
	Suggestions []string
}

// Message says it in the words of the GNU C library.
func (e *Error) Message() catalogue.Message {
	return texts.Message(string(e.Fault), "name", e.Name, "near", strings.Join(e.Suggestions, "' '"))
}

// Error says it in English.
func (e *Error) Error() string { return e.Message().In(catalogue.English) }
