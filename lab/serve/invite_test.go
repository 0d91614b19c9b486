package serve

import (
	"crypto/rand"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/lab/bundle"
	"chatlab/lab/desk"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
	"chatlab/webclient/wire"
)

// The class's part of an invitation, below the teacher's own, fits on a terminal of 24
// lines of 80 columns; it says why nobody else can come where nobody can, and what to try
// where they can.
func TestInvitationFits(t *testing.T) {
	short := []netip.Addr{netip.MustParseAddr("192.168.100.200")}
	long := []netip.Addr{netip.MustParseAddr("2001:db8:1111:2222:3333:4444:5555:6666")}
	for _, tt := range []struct {
		listens   string
		addresses []netip.Addr
		unseen    error
		says      string
	}{
		{"0.0.0.0", short, nil, "class.try"},
		{"::", long, nil, "class.try"},
		{"0.0.0.0", nil, nil, "class.nowhere"},
		{"0.0.0.0", nil, errors.New("permission denied"), "class.unseen"},
		{"127.0.0.1", short, nil, "class.alone"},
		{"::1", short, nil, "class.alone"},
	} {
		for _, lang := range catalogue.Langs {
			for _, shared := range []bool{false, true} {
				l := &Lesson{
					bundle: &bundle.Bundle{Page: listening(tt.listens)}, PagePort: 55151, ChatPort: 7272, o: Options{ShareWire: shared},
					desk: desk.New(desk.Options{Wire: wire.New(wire.Options{}), Now: time.Now, Text: rand.Text}),
				}
				var out strings.Builder
				if err := Invite(&out, l, Paper{Lang: lang, Columns: 80}, tt.addresses, tt.unseen); err != nil {
					t.Fatal(err)
				}
				lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
				// The teacher's link is scrolled out of sight with what stands above it.
				own := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, l.desk.Key()) })
				if at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "█") }); at >= 0 && own > at {
					t.Errorf("%s, on %s: the teacher's link stands below the code\n%s", lang, tt.listens, out.String())
				}
				for _, line := range layout.Wrap(texts.Message("teacher.alone").In(lang), 80) {
					if own++; lines[own] != line {
						t.Errorf("%s, on %s: below the teacher's link is %q", lang, tt.listens, lines[own])
					}
				}
				lines = lines[own+1:]
				most := 1 + 24
				if strings.Contains(out.String(), "2001") {
					most += 3 // the code of a long address has 20 lines, not 17
				}
				if len(lines) > most {
					t.Errorf("%s, on %s: %d lines\n%s", lang, tt.listens, len(lines), out.String())
				}
				for _, line := range lines {
					if layout.Width(line) > 80 {
						t.Errorf("%s, on %s: too wide: %s", lang, tt.listens, line)
					}
				}
				flat := strings.NewReplacer("\n", "", " ", "", "\u00a0", "", "\u202f", "").Replace(out.String())
				for _, key := range []string{"class.try", "class.nowhere", "class.alone", "class.unseen"} {
					text := texts.Message(key, "page", 55151, "chat", 7272, "port", 55151, "address", tt.listens, "why", "permission denied").In(lang)
					text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(text)
					if strings.Contains(flat, text) != (key == tt.says) {
						t.Errorf("%s, on %s: of %s and %s it says\n%s", lang, tt.listens, key, tt.says, out.String())
					}
				}
			}
		}
	}
}
