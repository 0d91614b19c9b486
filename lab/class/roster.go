package class

import (
	"io"
	"strings"
	"unicode"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// Roster is a class list.
type Roster struct {
	// IDs are the students' ids in the list's order, in Unicode's NFC, without the
	// blanks around them: each fit to name a file, and none there twice.
	IDs []string
	// Odd is what a teacher should know of how the list was read, in its order.
	Odd []Oddity

	by map[string]int // by Fold
}

// Oddity is what is odd about one line of a class list.
type Oddity struct {
	Line int // from 1; 0: the list has no lines
	What catalogue.Message
	Lost bool // a student who may be meant is not among the ids
}

// Message says it with its line.
func (o Oddity) Message() catalogue.Message {
	if o.Line == 0 {
		return o.What
	}
	return texts.Message("list.line", "line", o.Line, "what", o.What)
}

// maxList and maxStudents bound a class list: in bytes, and in students.
const maxList, maxStudents = 1 << 20, 5000

// ReadRoster reads a class list: an id on each line, or a CSV with the ids in its
// first column. Commas, semicolons and tabs separate, as spreadsheets have it;
// lines end in LF, CR LF or CR; the text is UTF-8 or UTF-16, with a byte order mark
// or without. Blank lines do not count, nor those that begin with #. A line whose
// id cannot be one is left out, and Odd says why. It is an error if there is no
// student in the list; the Roster then has what was odd about it.
func ReadRoster(r io.Reader) (*Roster, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxList+1))
	if err != nil {
		return &Roster{}, err
	}
	if len(data) > maxList {
		return &Roster{}, texts.Error("list.large").WithHint(texts.Message("list.split"))
	}
	text, err := decode(data)
	if err != nil {
		return &Roster{}, err
	}
	var list Roster
	all, students, begun := newRecords(text), 0, false
	for rec, ok := all.next(); ok; rec, ok = all.next() {
		if students == maxStudents {
			return &Roster{}, texts.Error("list.many", "most", maxStudents).WithHint(texts.Message("list.split"))
		}
		if rec.last > rec.line {
			list.odd(rec.line, "list.cell", "last", rec.last)
		}
		if rec.unclosed {
			list.odd(rec.line, "list.quote")
		}
		first := !begun
		begun = true
		if first && isHeading(rec.first) {
			shown := layout.Quote(strings.TrimSpace(rec.first), 40)
			if rec.cells > 1 {
				list.odd(rec.line, "list.heading", "text", shown)
				continue
			}
			list.odd(rec.line, "list.word", "text", shown)
		}
		list.add(rec.line, rec.first)
		students++
	}
	if len(list.IDs) == 0 {
		return &list, texts.Error("list.empty").WithHint(texts.Message("list.form"))
	}
	return &list, nil
}

// NewRoster makes a class list of ids that are in no file.
func NewRoster(ids []string) *Roster {
	var list Roster
	for _, id := range ids {
		list.add(0, id)
	}
	return &list
}

func (l *Roster) odd(line int, key string, args ...any) {
	l.Odd = append(l.Odd, Oddity{Line: line, What: texts.Message(key, args...)})
}

// add adds a student, or says why not.
func (l *Roster) add(line int, id string) {
	id = tidy(id)
	if why := unfit(id); !why.IsZero() {
		l.Odd = append(l.Odd, Oddity{line, why, true})
		return
	}
	folded := Fold(id)
	if _, ok := l.by[folded]; ok {
		l.odd(line, "list.double", "id", layout.Quote(id, 40))
		return
	}
	if l.by == nil {
		l.by = map[string]int{}
	}
	l.by[folded] = len(l.IDs)
	l.IDs = append(l.IDs, id)
}

// Find gives the list's spelling of an id, whatever spelling of it is asked for; see
// Fold.
func (l *Roster) Find(id string) (listed string, ok bool) {
	if i, ok := l.by[Fold(id)]; ok {
		return l.IDs[i], true
	}
	return "", false
}

// Lost counts the lines with a student who may be meant and is not in the list.
func (l *Roster) Lost() (lines int) {
	for _, o := range l.Odd {
		if o.Lost {
			lines++
		}
	}
	return lines
}

// headings are what spreadsheets and learning platforms write above a column of
// students, in letters and digits alone.
var headings = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(`
		id ids idnumber login loginid sisid sisloginid sisuserid user userid username account
		student students studentid studentnumber studentno matriculationnumber
		name names fullname firstname givenname surname lastname familyname email emailaddress mail
		identifiant identifiants identité numéro numero no numéroétudiant numeroetudiant
		numéroidentification numérodidentification nomdutilisateur utilisateur compte élève eleve
		élèves eleves étudiant etudiant étudiants etudiants ine nom noms prénom prenom nomcomplet
		courriel adressedecourriel adressemail
		学号 学生 学生编号 学生姓名 学生学号 编号 序号 姓名 名字 名 姓 姓氏 用户名 用户 账号 帐号 登录名 邮箱
		电子邮件 标识`) {
		all[word] = true
	}
	return all
}()

// isHeading tells whether a cell has a word in it that stands above ids.
func isHeading(cell string) bool {
	return headings[strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(cell))]
}
