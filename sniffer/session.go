package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/filter"
)

// A session is one run of the sniffer over a source.
type session struct {
	*options
	env     environment
	notices notices

	src     *source
	matcher *filter.Matcher // of a file's packets; nil: all
}

// sniff carries packets from where they come to where they go.
func sniff(ctx context.Context, o *options, env environment, notices notices) error {
	s := session{options: o, env: env, notices: notices}
	open := s.openFile
	if o.source.file == "" {
		open = s.openLive
	}
	err := open(ctx)
	if s.src != nil {
		defer s.src.close()
	}
	if err != nil {
		return err
	}
	if o.linkTypes && s.src.live != nil {
		_, err := fmt.Fprintf(env.stdout, "Data link types for %s (use option -y to set):\n  %s\n", s.src.name, s.src.link)
		return err
	}
	h := capture.FileHeader{LinkType: s.src.link, Snaplen: s.src.snaplen, Nanoseconds: o.output.print.Nano}
	out, err := o.output.open(ctx, h, env, notices.lang)
	if err != nil {
		return err
	}
	if err := givePrivilegesUp(o.user, s.src.live != nil, env.getenv); err != nil {
		return err
	}
	if s.src.live != nil {
		s.announce()
	}
	p := pump{src: s.src, out: out, match: o.filter.passes(s.matcher), limit: o.count, live: s.src.live != nil, prompt: s.src.prompt}
	captured, err := p.run(ctx, s.src.stop)
	if err2 := out.close(); err == nil {
		err = err2
	}
	if p, ok := out.printer.(*explain.Printer); ok && s.output.explain.Mode == explain.Follow && p.Conversations() <= s.output.explain.Conversation {
		s.notices.tell("follow.none", "number", s.output.explain.Conversation, "n", p.Conversations())
	}
	return s.finish(ctx, captured, err)
}

// openFile opens the file of -r and what filters it.
func (s *session) openFile(ctx context.Context) (err error) {
	if s.src, err = openFile(s.source.file, s.env.stdin); err != nil {
		return err
	}
	s.notices.say("source.reading", "file", s.src.name, "link", s.src.link, "snaplen", s.src.snaplen)
	e, err := s.filter.parse(s.env.resolver)
	if err != nil || e.String() == "" {
		return explainFilter(err)
	}
	// What is written has the first link type: no later one could help.
	s.matcher, err = e.Matcher(ctx, s.src.link, s.src.mixed && s.output.file == "")
	return explainFilter(err)
}

// openLive opens the interface of -i, whose kernel filters.
func (s *session) openLive(ctx context.Context) error {
	o := s.source.capture
	var err error
	if o.Interface, err = interfaceOf(o.Interface); err != nil {
		return err
	}
	e, err := s.filter.parse(s.env.resolver)
	if err != nil {
		return explainFilter(err)
	}
	o.Filter = e.Live(ctx)
	o.Immediate = o.Immediate || s.output.immediate(s.env.stdout)
	if s.src, err = openLive(o); err != nil {
		return err
	}
	if o.Interface == "any" {
		s.notices.tell("source.link", "link", s.src.link.Name())
	}
	return nil
}

// announce says what is listened on, as tcpdump does.
func (s *session) announce() {
	if s.output.file == "" && s.output.print.Verbose == 0 {
		s.notices.tell("source.terse")
		s.notices.say("source.listening", "interface", s.src.name, "link", s.src.link, "snaplen", s.src.snaplen)
	} else {
		s.notices.tell("source.listening", "interface", s.src.name, "link", s.src.link, "snaplen", s.src.snaplen)
	}
}

// finish tells what was skipped and the counts. err is what ended the session.
func (s *session) finish(ctx context.Context, captured uint64, err error) error {
	if s.matcher != nil {
		skipped, refused := s.matcher.Skipped()
		for _, k := range skipped {
			if errors.As(k.Err, new(filter.LinkTypeError)) {
				s.notices.tell("filter.unreadable", "n", k.Packets, "link", k.LinkType)
			} else {
				s.notices.tell("filter.skipped", "n", k.Packets, "link", k.LinkType, "why", k.Err)
			}
		}
		if err == nil && refused != nil {
			return explainFilter(refused)
		}
	}
	if s.src.live != nil {
		s.finishLive(ctx, captured, err)
		return err
	}
	if s.output.onlyCount {
		_, err2 := fmt.Fprintf(s.env.stdout, "%d packet%s\n", captured, plural(captured))
		if err == nil {
			err = err2
		}
	}
	// tcpdump says what it was doing.
	var cut *capture.TruncatedError
	if errors.As(err, &cut) {
		return about("pcap_loop", err)
	}
	return err
}

func (s *session) finishLive(ctx context.Context, captured uint64, err error) {
	if ctx.Err() != nil && s.output.file == "" && err == nil {
		// What a terminal echoed for the key stands on the last line.
		io.WriteString(s.env.stdout, "\n")
	}
	s.src.live.Close()
	stats := s.src.live.Stats()
	s.notices.say("count.captured", "n", captured)
	s.notices.say("count.received", "n", stats.Received)
	s.notices.say("count.dropped", "n", stats.Dropped)
}

// plural is for tcpdump's own text.
func plural(n uint64) string {
	if n == 1 {
		return ""
	}
	return "s"
}
