package main

import (
	"errors"
	"fmt"
	"io"

	"chatlab/sniffer/capture"
)

// An output takes packets: a file, or a printer, or both.
type output struct {
	writer  *capture.Writer
	file    *capture.FileWriter
	printer printer
	each    bool // -U: the file has every packet at once
}

// A printer is tcpdump's text, or what explains it.
type printer interface {
	Print(*capture.Packet) error
	Flush() error
}

func (c *config) output(src *source, stdout io.Writer) (*output, error) {
	o := &output{each: c.packetBuffered}
	var err error
	h := capture.FileHeader{LinkType: src.link, Snaplen: src.snaplen, Nanoseconds: c.print.Nano}
	switch c.write {
	case "":
	case "-":
		if o.writer, err = capture.NewWriter(stdout, h); err != nil {
			return nil, err
		}
	default:
		if o.file, err = capture.Create(c.write, h); err != nil {
			return nil, fmt.Errorf("%s: %w", c.write, cause(err))
		}
		o.writer = o.file.Writer
	}
	// --count takes the place of the packets, but not of those that --print adds
	// to -w (print_packet and dump_packet in tcpdump.c).
	if c.write == "" && !c.onlyCount || c.write != "" && c.alsoPrint {
		if o.printer, err = c.printer(stdout); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *output) packet(p *capture.Packet) error {
	if o.writer != nil {
		if err := o.writer.Write(p); err != nil {
			return err
		}
		if o.each {
			if err := o.writer.Flush(); err != nil {
				return err
			}
		}
	}
	if o.printer != nil {
		return o.printer.Print(p)
	}
	return nil
}

func (o *output) flush() error {
	var err error
	if o.writer != nil {
		err = o.writer.Flush()
	}
	if o.printer != nil {
		err = errors.Join(err, o.printer.Flush())
	}
	return err
}

func (o *output) close() error {
	err := o.flush()
	if o.file != nil {
		err = errors.Join(err, o.file.Close())
	}
	return err
}
