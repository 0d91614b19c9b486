package tcpdump

import (
	"encoding/binary"
	"time"
)

// A clock prints times. Packets come many to a second, so the text of the last
// second printed is kept.
type clock struct {
	location *time.Location
	second   int64 // the second that text stands for
	text     [19]byte
	valid    bool
	ref      time.Time // TimeSincePrev, TimeSinceFirst: what times are counted from
}

// time prints a packet's time, as ts_print in util-print.c does.
func (f *formatter) time(t time.Time) {
	switch f.opt.Time {
	case TimeOfDay:
		f.dateTime(t, 11)
		f.char(' ')
	case TimeNone:
	case TimeUnix:
		if sec := t.Unix(); sec&0x80000000 != 0 {
			f.str("[Error converting time]")
		} else {
			f.uint(uint32(sec))
			f.fraction(uint32(t.Nanosecond()))
		}
		f.char(' ')
	case TimeDate:
		f.dateTime(t, 0)
		f.char(' ')
	default:
		f.timeSince(t)
		f.char(' ')
	}
}

// dateTime prints "2014-08-12 17:50:00.523910", from byte from on.
func (f *formatter) dateTime(t time.Time, from int) {
	sec := t.Unix()
	if sec&0x80000000 != 0 {
		f.str("[Error converting time]")
		return
	}
	c := &f.clock
	if sec != c.second || !c.valid {
		c.set(sec)
	}
	f.out = append(f.out, c.text[from:]...)
	f.fraction(uint32(t.Nanosecond()))
}

// set makes text stand for sec, in seconds since 1970.
func (c *clock) set(sec int64) {
	location := c.location
	if location == nil {
		location = time.UTC
	}
	time.Unix(sec, 0).In(location).AppendFormat(c.text[:0], time.DateTime)
	c.second, c.valid = sec, true
}

// fraction prints the part of a second.
func (f *formatter) fraction(ns uint32) {
	f.out = append6(append(f.out, '.'), ns/1000)
	if f.opt.Nano {
		r := ns % 1000
		f.out = append(f.out, byte('0'+r/100), digits2[r%100*2], digits2[r%100*2+1])
	}
}

// timeSince prints the time since the reference, with a space or a minus sign
// before it. Seconds of a day's 86,400 and more start again at 00:00:00, as
// tcpdump has it.
func (f *formatter) timeSince(t time.Time) {
	if !f.opt.Nano {
		t = t.Truncate(time.Microsecond)
	}
	c := &f.clock
	if c.ref.IsZero() || c.ref.UnixNano() == 0 {
		c.ref = t
	}
	d, sign := t.Sub(c.ref), byte(' ')
	if d < 0 {
		d, sign = -d, '-'
	}
	sec := int64(d / time.Second)
	f.char(sign)
	if sec&0x80000000 != 0 {
		f.str("[Error converting time]")
	} else {
		s := uint32(sec % 86400)
		f.two(s / 3600).char(':').two(s / 60 % 60).char(':').two(s % 60)
		f.fraction(uint32(d % time.Second))
	}
	if f.opt.Time == TimeSincePrev {
		c.ref = t
	}
}

func (f *formatter) two(v uint32) *formatter {
	f.out = binary.LittleEndian.AppendUint16(f.out, uint16(digits2[v*2])|uint16(digits2[v*2+1])<<8)
	return f
}
