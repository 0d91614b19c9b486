// Package class is for whoever teaches: it gives each student a task of their
// own, and grades the captures that are handed in.
package class

import (
	"fmt"
	"strings"
)

// Task is what one student is to do.
type Task struct {
	Student string
	Nick    string // the nickname to take
	Message string // the message to say
}

// Assign gives a student's task: the same for the same secret and student,
// whoever asks and whenever, so that nothing has to be kept. All spellings of an
// id that Fold takes for one are the same. Without the secret one student's task
// says nothing about another's.
func Assign(secret, student string) Task {
	dice := dice(keyed(secret, "task", student))
	return Task{
		Student: tidy(student),
		Nick:    fmt.Sprintf("%s-%s-%d", dice.pick(qualities), dice.pick(animals), 10+dice.below(90)),
		Message: fmt.Sprintf("%s %s %ss %s %s %s", dice.pick(numbers), dice.pick(colours),
			dice.pick(animals), dice.pick(deeds), dice.pick(qualities), dice.pick(things)),
	}
}

// dice are random bytes that are used up.
type dice []byte

// below gives a number from 0 to n-1, n being small beside the 2^24 that three
// bytes tell apart.
func (d *dice) below(n int) int {
	b := (*d)[:3]
	*d = (*d)[3:]
	return (int(b[0])<<16 | int(b[1])<<8 | int(b[2])) % n
}

func (d *dice) pick(words []string) string { return words[d.below(len(words))] }

// The words are short, plain ASCII, and hard to mistake for one another.
var (
	numbers = strings.Fields(`two three four five six seven eight nine ten eleven twelve thirteen fifteen sixteen
		twenty thirty forty fifty sixty ninety`)
	colours = strings.Fields(`red blue green yellow white black brown pink orange purple golden silver grey violet
		amber copper`)
	qualities = strings.Fields(`big bold brave bright calm clever cold cool dry early fast fresh funny gentle
		glad happy honest jolly kind lazy light little loud lucky merry modern neat new nice old polite proud quick
		quiet rapid round royal shiny short silent simple slow small smart soft solid square strong sunny sweet tall
		tidy tiny warm wide wild wise young`)
	animals = strings.Fields(`badger bear beaver bee bird camel cat crab crow dog dolphin donkey duck eagle falcon
		frog giraffe goat hamster hare hawk horse koala lemur lion lizard lobster magpie mole monkey moth otter owl
		panda parrot penguin pigeon puma rabbit raven robin salmon seal shark snail sparrow spider squid swan
		tiger toad turtle whale wombat yak zebra`)
	deeds = strings.Fields(`build carry catch clean collect count cross draw dream drop find fix follow guard hide
		hold keep lift like love move open paint pull push read ride see sell send share steer touch visit want wash
		watch write`)
	things = strings.Fields(`apples bags balls bells boats books boots bottles boxes bridges buttons cakes candles
		castles chairs clocks clouds coins cups doors drums engines flags flutes forests gardens gates gloves hats
		houses islands jars kites ladders lamps letters maps mirrors mountains nails pencils pianos pictures planes
		plates ponds radios rings rivers roads roofs ropes ships shoes spoons stones tables tents towers trains
		trees violins wheels windows`)
)
