package class

import (
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
)

// What most of a class gets wrong is said first, and of a mistyped secret that it
// may be that.
func TestCommon(t *testing.T) {
	const students = 6
	for _, tt := range []struct {
		name, secret string
		cast         func(i int, task Task) checktest.Cast
		only         int // how many hand in
		want         string
	}{
		{"all is well", secret, func(i int, task Task) checktest.Cast { return checktest.Cast{Nick: task.Nick, Message: task.Message} }, students, ""},
		{"the secret is mistyped", secret + "!", func(i int, task Task) checktest.Cast { return checktest.Cast{Nick: task.Nick, Message: task.Message} }, students, "common.secret"},
		{"and one kept to none", secret + "!", func(i int, task Task) checktest.Cast {
			if i < 2 {
				return checktest.Cast{}
			}
			return checktest.Cast{Nick: task.Nick, Message: task.Message}
		}, students, "common.secret"},
		{"too few to tell", secret + "!", func(i int, task Task) checktest.Cast { return checktest.Cast{Nick: task.Nick, Message: task.Message} }, 2, ""},
		{"another message", secret, func(i int, task Task) checktest.Cast { return checktest.Cast{Nick: task.Nick} }, students, "common.step say"},
		{"two of six another message", secret, func(i int, task Task) checktest.Cast {
			if i < 2 {
				return checktest.Cast{Nick: task.Nick}
			}
			return checktest.Cast{Nick: task.Nick, Message: task.Message}
		}, students, ""},
		{"nicknames of their own", secret, func(i int, task Task) checktest.Cast {
			return checktest.Cast{Nick: fmt.Sprintf("me%d", i), Message: task.Message}
		}, students, "common.nick"},
		{"the neighbour's nickname", secret, func(i int, _ Task) checktest.Cast {
			task := Assign(secret, fmt.Sprintf("s%d", (i+1)%students))
			return checktest.Cast{Nick: task.Nick, Message: task.Message}
		}, students, "common.step login"},
		{"a broken server", secret, func(i int, task Task) checktest.Cast {
			return checktest.Cast{Nick: task.Nick, Message: task.Message, BadAccept: true}
		}, students, "common.step upgrade"},
	} {
		dir := t.TempDir()
		for i := range tt.only {
			id := fmt.Sprintf("s%d", i)
			s := checktest.New(t)
			s.ID, s.Jitter = uint16(i*331), uint64(i+1)
			c := tt.cast(i, Assign(secret, id))
			c.Port = uint16(40000 + 7*i)
			s.Play(c)
			write(t, filepath.Join(dir, id+".pcap"), s.Packets)
		}
		g, err := GradeDir(t.Context(), tt.secret, dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		key, step, _ := strings.Cut(tt.want, " ")
		common := g.Common()
		if key == "" && len(common) > 0 || key != "" && (len(common) != 1 || common[0].Key() != key) {
			t.Errorf("%s: got %v", tt.name, common)
			continue
		}
		for _, lang := range catalogue.Langs {
			var page, own strings.Builder
			if err := g.Summary(&page, tt.secret, lang); err != nil {
				t.Fatal(err)
			}
			if err := g.Grades[0].Feedback(&own, lang); err != nil {
				t.Fatal(err)
			}
			above, _, _ := strings.Cut(page.String(), "<table>")
			if key != "" && !strings.Contains(above, html.EscapeString(common[0].In(lang))) || strings.Contains(own.String(), "--secret") {
				t.Errorf("%s: %s: it is not said first, or to a student:\n%s\n%s", tt.name, lang, above, own.String())
			}
			table := shown(t, g, lang)
			first, _, _ := strings.Cut(table, "\n\n")
			joined := strings.NewReplacer(" ", "", "\n", "", "\u00a0", "")
			if key != "" && joined.Replace(first) != joined.Replace(common[0].In(lang)) {
				t.Errorf("%s: %s: it is not said first:\n%s", tt.name, lang, table)
			}
			if strings.Contains(first, "--secret") != (key == "common.secret" || key == "common.nick") || step != "" && !strings.Contains(joined.Replace(first), joined.Replace(steps.Name(annotate.Step(step)).In(lang))) {
				t.Errorf("%s: %s: %s", tt.name, lang, first)
			}
		}
	}
}
