package catalogue

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// Decimal is an argument that is a number with digits after the point.
type Decimal struct {
	Value  float64
	Digits int // after the point
}

// In gives the number with a language's sign.
func (d Decimal) In(lang Lang) string { return number(d.digits(), lang, false) }

func (d Decimal) digits() string { return strconv.FormatFloat(d.Value, 'f', d.Digits, 64) }

// signs are how a language writes numbers and lists.
var signs = map[Lang]struct{ decimal, group, list string }{
	English: {".", ",", ", "},
	French:  {",", "\u202f", ", "},
	Chinese: {".", ",", "、"},
}

// digits gives a number's digits, with a point.
func digits(v any) (string, bool) {
	switch v := v.(type) {
	case nil, error, fmt.Stringer:
		return "", false
	case Decimal:
		return v.digits(), true
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return strconv.FormatInt(r.Int(), 10), true
	case r.CanUint():
		return strconv.FormatUint(r.Uint(), 10), true
	}
	return "", false
}

// number writes a number with a language's signs. Groups begin with the fifth
// digit of the whole part: a number of four is easy to read, and is found again in
// tcpdump's text.
func number(digits string, lang Lang, grouped bool) string {
	whole, fraction, isDecimal := strings.Cut(digits, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if grouped && len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + signs[lang].group + whole[i:]
		}
	}
	if isDecimal {
		whole += signs[lang].decimal + fraction
	}
	return sign + whole
}

// form gives the plural form that a language has for a number (CLDR, "Language
// Plural Rules", operands i, v, w, f and t).
func form(digits string, lang Lang) plural.Form {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
	significant := strings.TrimRight(fraction, "0")
	i, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi(fraction)
	t, _ := strconv.Atoi(significant)
	return plural.Cardinal.MatchPlural(tags[lang], i, len(fraction), len(significant), f, t)
}

// formsOf are the plural forms of each language, as its rules give them.
var formsOf = func() map[Lang][]plural.Form {
	all := map[Lang][]plural.Form{}
	for _, lang := range Langs {
		seen := map[plural.Form]bool{}
		for n := range 200 {
			if f := form(strconv.Itoa(n), lang); !seen[f] {
				seen[f] = true
				all[lang] = append(all[lang], f)
			}
		}
	}
	return all
}()
