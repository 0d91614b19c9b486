package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"chatlab/lab/play"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/texts"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// replay shows the documented packets.
func replay(ctx context.Context, args []string, out *terminal) (int, error) {
	var flags packetFlags
	hex := false
	l := line("replay", "", "replay.about", "replay.status")
	flags.addTo(l)
	l.Bool(&hex, "hex", texts.Lab.Message("flag.hex"))
	if _, err := out.parse(l, args); err != nil {
		return 0, err
	}
	packets, err := scenario.Packets(true)
	if err != nil {
		return 0, err
	}
	if flags.file != "" {
		if err := writeFile(flags.file, packets); err != nil {
			return 0, err
		}
	}
	if !flags.plain {
		out.say("replay")
		if flags.earlier {
			out.say("replay.earlier")
		}
	}
	options := out.show()
	options.Plain, options.Hex = flags.plain, hex
	options.Location, options.Terminal2014 = scenario.Zone, true
	pause := func(time.Duration) error { return nil }
	if flags.pace == documented {
		pause = func(d time.Duration) error { return play.Pause(ctx, d) }
	}
	printed, err := printDocumented(packets, show.New(out.stdout, options), flags.earlier, pause, out.lang)
	if errors.Is(err, context.Canceled) {
		out.say("interrupted", "packets", printed)
		return exitDiffers, nil
	}
	if err != nil {
		return 0, err
	}
	if flags.file != "" {
		out.say("written", "packets", len(packets), "file", flags.file)
	}
	return exitRight, nil
}

// writeFile writes packets to a new pcap file.
func writeFile(name string, packets []capture.Packet) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	err = capture.WriteAll(f, capture.FileHeader{LinkType: packets[0].LinkType}, packets)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// printDocumented prints the documented packets, with those before them if earlier
// is set. It pauses between two as long as the scenario did. If it fails it returns
// how many packets it is through with.
func printDocumented(packets []capture.Packet, out *show.Show, earlier bool, pause func(time.Duration) error, lang catalogue.Lang) (int, error) {
	before := time.Time{}
	var s dissect.Segment
	for i := range packets {
		p := &packets[i]
		if err := s.Decode(p); err != nil {
			return i, err
		}
		isEarlier := i < scenario.EarlierCount
		if isEarlier && !earlier {
			if _, err := out.Learn(&s); err != nil {
				return i, err
			}
			continue
		}
		if !before.IsZero() {
			if err := pause(p.Time.Sub(before)); err != nil {
				return i, err
			}
		}
		before = p.Time
		var notes []string
		if key := note(i); key != "" {
			notes = append(notes, texts.Lab.Message(key).In(lang))
		}
		if _, err := out.Packet(&s, notes...); err != nil {
			return i, writeError(err)
		}
	}
	return len(packets), nil
}

// note gives the key of what is said of a packet, counted from 0, that cannot be
// read from the packet itself.
func note(i int) string {
	switch {
	case i < scenario.EarlierCount:
		return "reconstructed"
	case i == scenario.EarlierCount:
		// Its comment says what is known of a SYN that echoes; where this one had it
		// from is inferred (tcp_v4_connect, tcp_fetch_timewait_stamp of Linux 3).
		return "remembered"
	}
	return ""
}

// writeError says that what was printed could not be written: to a closed pipe,
// a full disk.
func writeError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the path is /dev/stdout
	}
	return texts.Lab.Error("write", "why", err)
}
