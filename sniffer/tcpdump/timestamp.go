package tcpdump

import (
	"encoding/binary"
	"strconv"
	"time"

	"chatlab/sniffer/capture"
)

// A clock prints times. Packets come many to a second, so the text of the last
// second printed is kept.
type clock struct {
	location *time.Location
	second   int64 // the second that text stands for
	text     [19]byte
	valid    bool
	ref      timeval // TimeSincePrev, TimeSinceFirst: what times are counted from
}

// A timeval is a time as tcpdump has it: in micro- or nanoseconds, as it prints
// them, and as they stand in the file. A broken one has a million and more.
type timeval struct{ sec, frac int64 }

func (f *formatter) timeval(p *capture.Packet) timeval {
	sec, frac := p.Fields()
	if !f.opt.Nano {
		frac /= 1000
	}
	return timeval{sec, frac}
}

// time prints a packet's time, as ts_print in util-print.c does.
func (f *formatter) time(p *capture.Packet) {
	t := f.timeval(p)
	switch f.opt.Time {
	case TimeOfDay:
		f.dateTime(t, 11)
	case TimeNone:
		return
	case TimeUnix:
		if t.sec&0x80000000 != 0 {
			f.str("[Error converting time]")
		} else {
			f.uint(uint32(t.sec))
			f.fraction(t.frac)
		}
	case TimeDate:
		f.dateTime(t, 0)
	default:
		f.timeSince(t)
	}
	f.char(' ')
}

// dateTime prints "2014-08-12 17:50:00.523910", from byte from on.
func (f *formatter) dateTime(t timeval, from int) {
	if t.sec&0x80000000 != 0 {
		f.str("[Error converting time]")
		return
	}
	c := &f.clock
	if t.sec != c.second || !c.valid {
		c.set(t.sec)
	}
	f.out = append(f.out, c.text[from:]...)
	f.fraction(t.frac)
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

// fraction prints the part of a second, in six or nine digits: more if it is
// none (ts_frac_print in util-print.c).
func (f *formatter) fraction(frac int64) {
	f.char('.')
	v := uint32(frac)
	switch {
	case !f.opt.Nano && v < 1e6:
		f.out = append6(f.out, v)
	case f.opt.Nano && v < 1e9:
		r := v % 1000
		f.out = append(append6(f.out, v/1000), byte('0'+r/100), digits2[r%100*2], digits2[r%100*2+1])
	default:
		f.out = strconv.AppendUint(f.out, uint64(v), 10)
	}
}

// timeSince prints the time since the reference, with a space or a minus sign
// before it. Seconds of a day's 86,400 and more start again at 00:00:00, as
// tcpdump has it.
func (f *formatter) timeSince(t timeval) {
	ref := &f.clock.ref
	if *ref == (timeval{}) {
		*ref = t
	}
	d, sign := t.minus(*ref, f.opt.Nano), byte(' ')
	if t.sec < ref.sec || t.sec == ref.sec && t.frac < ref.frac {
		d, sign = ref.minus(t, f.opt.Nano), '-'
	}
	f.char(sign)
	if d.sec&0x80000000 != 0 {
		f.str("[Error converting time]")
	} else {
		s := uint32(d.sec % 86400)
		f.two(s / 3600).char(':').two(s / 60 % 60).char(':').two(s % 60)
		f.fraction(d.frac)
	}
	if f.opt.Time == TimeSincePrev {
		*ref = t
	}
}

// minus borrows one second at most, as netdissect_timevalsub does
// (timeval-operations.h).
func (t timeval) minus(u timeval, nano bool) timeval {
	d := timeval{t.sec - u.sec, t.frac - u.frac}
	if d.frac < 0 {
		d.sec--
		if nano {
			d.frac += 1e9
		} else {
			d.frac += 1e6
		}
	}
	return d
}

func (f *formatter) two(v uint32) *formatter {
	f.out = binary.LittleEndian.AppendUint16(f.out, uint16(digits2[v*2])|uint16(digits2[v*2+1])<<8)
	return f
}
