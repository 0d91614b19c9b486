package main

import (
	"context"
	"errors"
	"io"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/explain"
	"chatlab/sniffer/tcpdump"
	"chatlab/sniffer/tty"
)

// outputOptions say what becomes of packets.
type outputOptions struct {
	print       tcpdump.Options
	explain     explain.Options // --annotate, --websocket, --json, --follow
	isExplained bool            // one of them is there
	file        string          // -w
	each        bool            // -U: the file has every packet at once
	alsoPrint   bool            // --print
	onlyCount   bool            // --count
}

// explained is for a flag of what tcpdump lacks.
func (o *outputOptions) explained(set func(*explain.Options)) func(string) error {
	return func(string) error {
		set(&o.explain)
		o.isExplained = true
		return nil
	}
}

// immediate tells whether a packet is wanted as soon as it has come.
func (o *outputOptions) immediate(stdout io.Writer) bool {
	return o.each || o.file == "" && (o.print.LineBuffered || tty.Is(stdout))
}

// An output takes packets: a file, or a printer, or both.
type output struct {
	writer  *capture.Writer
	file    *capture.FileWriter
	printer printer
	each    bool
}

// A printer is tcpdump's text, or what explains it.
type printer interface {
	Print(*capture.Packet) error
	Flush() error
}

// open makes the output for packets of h's kind.
func (o *outputOptions) open(ctx context.Context, h capture.FileHeader, env environment, lang catalogue.Lang) (*output, error) {
	out := &output{each: o.each}
	var err error
	switch o.file {
	case "":
	case "-":
		if out.writer, err = capture.NewWriter(env.stdout, h); err != nil {
			return nil, err
		}
	default:
		if out.file, err = capture.Create(o.file, h); err != nil {
			return nil, about(o.file, err)
		}
		out.writer = out.file.Writer
	}
	// --count takes the place of the packets, but not of those that --print adds
	// to -w (print_packet and dump_packet in tcpdump.c).
	if o.file == "" && !o.onlyCount || o.file != "" && o.alsoPrint {
		out.printer = o.printer(ctx, env, lang)
	}
	return out, nil
}

// printer makes what prints packets.
func (o *outputOptions) printer(ctx context.Context, env environment, lang catalogue.Lang) printer {
	text := o.print
	text.Location, text.InterfaceName = time.Local, interfaceNames()
	if text.Numeric == 0 {
		text.Names = newNames(ctx)
	}
	if !o.isExplained {
		return tcpdump.NewPrinter(env.stdout, text)
	}
	e := o.explain
	e.Tcpdump = text
	e.Block = explain.Block{Lang: lang, Columns: tty.Columns(env.stdout), Colour: tty.Colour(env.stdout, env.getenv)}
	return explain.New(env.stdout, e)
}

func (o *output) packet(p *capture.Packet) error {
	if o.writer != nil {
		write := o.writer.Write
		if o.each {
			write = o.writer.WriteNow
		}
		if err := write(p); err != nil {
			return err
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
