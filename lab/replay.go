package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"chatlab/lab/play"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/texts"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// replay shows the documented packets.
func replay(ctx context.Context, args []string, out terminal) (int, error) {
	flags := sharedFlags("replay")
	hex := flags.set.Bool("hex", false, "")
	if err := flags.parse(args, &out); err != nil {
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
	options.Plain, options.Hex = flags.plain, *hex
	options.Location, options.Terminal2014 = scenario.Zone, true
	shower := show.New(out.stdout, options)
	before := time.Time{}
	var s dissect.Segment
	for i := range packets {
		p := &packets[i]
		if err := s.Decode(p); err != nil {
			return 0, err
		}
		earlier := i < scenario.EarlierCount
		if earlier && !flags.earlier {
			if err := shower.Learn(&s); err != nil {
				return 0, err
			}
			continue
		}
		if flags.pace == "documented" && !before.IsZero() {
			if err := play.Pause(ctx, p.Time.Sub(before)); err != nil {
				out.say("interrupted", "packets", i)
				return exitDiffers, nil
			}
		}
		before = p.Time
		var notes []string
		if earlier {
			notes = append(notes, texts.Lab.Message("reconstructed").In(out.lang))
		}
		if _, err := shower.Packet(&s, notes...); err != nil {
			return 0, writeError(err)
		}
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

// writeError says that what was printed could not be written: to a closed pipe,
// a full disk.
func writeError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the path is /dev/stdout
	}
	return fmt.Errorf("write output: %w", err)
}
