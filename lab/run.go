package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"chatlab/lab/compare"
	"chatlab/lab/play"
	"chatlab/lab/scenario"
	"chatlab/lab/show"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/dissect"
)

// runLive plays the scenario live and holds it against the documented capture.
func runLive(ctx context.Context, args []string, out *terminal) (status int, err error) {
	var flags packetFlags
	name, asJSON, exact := "", false, false
	l := line("run", "", "run.about", "run.status")
	stageFlag(l, &name, stage.Names)
	flags.addTo(l)
	l.Bool(&asJSON, "json", texts.Lab.Message("flag.json"))
	l.Bool(&exact, "exact", texts.Lab.Message("flag.exact"))
	if _, err := out.parse(l, args); err != nil {
		return 0, err
	}
	if exact && name != "" {
		return 0, texts.Lab.Error("exact.stage")
	}
	of2014, err := compare.Documented()
	if err != nil {
		return 0, err
	}
	where, passed, err := openStage(name, exact)
	if err != nil {
		return 0, err
	}
	defer where.Close()
	if !asJSON {
		out.sayStage(where.Name(), passed)
	}

	packets := io.Writer(out.stdout)
	if asJSON {
		packets = io.Discard
	}
	options := out.show()
	options.Plain, options.Location = flags.plain, time.Local
	options.Plain = options.Plain || asJSON
	if exact {
		options.Location, options.Terminal2014 = scenario.Zone, true
	}
	r := recorder{show: show.New(packets, options), earlier: flags.earlier, file: flags.file}
	live := play.Live{Stage: where, Packet: r.packet, Pace: func(ctx context.Context, d time.Duration) error {
		switch {
		case flags.pace == documented && (exact || where.Name() == stage.Userspace):
			// Such a stage has a clock of its own, the reader has not.
			if r.joined || r.earlier {
				if err := play.Pause(ctx, d); err != nil {
					return err
				}
			}
		case flags.pace == fast && !exact:
			d = play.Fast(d)
		}
		return where.Clock().Wait(ctx, d, nil)
	}}
	err = live.Run(ctx)
	if e := r.close(); err == nil {
		err = e
	}
	if flags.file != "" && r.pcap != nil {
		out.say("written", "packets", r.count, "file", flags.file)
	}
	if errors.Is(err, context.Canceled) {
		out.say("interrupted", "packets", r.count)
		return exitDiffers, nil
	}
	if err != nil {
		return 0, err
	}

	comparison := compare.Packets(of2014, r.packets, compare.Place{
		Options: where.Name() != stage.Host, Exact: exact, Earlier: r.before,
	})
	switch {
	case asJSON:
		err = writeJSON(out.stdout, where.Name(), comparison, live.Unprepared, out.lang)
	case flags.plain:
		err = show.Table(out.stderr, comparison, live.Unprepared, options)
	default:
		err = show.Table(out.stdout, comparison, live.Unprepared, options)
	}
	if err != nil {
		return 0, writeError(err)
	}
	if !comparison.Right() {
		return exitDiffers, nil
	}
	return exitRight, nil
}

// openStage opens the stage of that name, or with an empty name the first that
// serves; passed tells why those before it do not.
func openStage(name string, exact bool) (s stage.Stage, passed []error, err error) {
	switch {
	case exact:
		s, err = play.OpenExact()
		return s, nil, err
	case name != "":
		return stage.OpenScripted(name)
	}
	return stage.OpenScripted(stage.Names...)
}

// stageFlag adds --stage; its names are said in the order in which they are tried.
func stageFlag(l *command.Line, p *string, names []string) {
	command.Choice(l, p, "stage", texts.Lab.Message("flag.stage"), names...)
}

// sayStage says in one line where the packets come from, and why not from a
// better place.
func (t *terminal) sayStage(name string, passed []error) {
	line := texts.Lab.Message("stage." + name)
	if len(passed) > 0 {
		line = texts.Lab.Message("stage.passed", "stage", line, "why", stage.Reasons(passed))
	}
	fmt.Fprintln(t.stderr, line.In(t.lang))
}

// recorder shows, keeps and writes packets as they are captured.
type recorder struct {
	show    *show.Show
	earlier bool   // the earlier browser's packets are shown too
	file    string // a pcap file to write, or ""
	snaplen int    // of the file; 0: any
	pcap    *capture.FileWriter
	count   int
	joined  bool             // the newcomer has come: the documented packets begin
	before  []compare.Packet // up to there
	packets []compare.Packet // from there on
}

func (r *recorder) packet(s *dissect.Segment) error {
	if r.file != "" && r.pcap == nil {
		var err error
		if r.pcap, err = capture.Create(r.file, capture.FileHeader{LinkType: s.Packet.LinkType, Snaplen: r.snaplen}); err != nil {
			return err
		}
	}
	if r.pcap != nil {
		// An interrupted run leaves what was captured.
		if err := r.pcap.WriteNow(s.Packet); err != nil {
			return err
		}
	}
	r.count++
	if s.Src.Port() == scenario.NewcomerPort {
		r.joined = true
	}
	if !r.joined {
		e, err := r.showEarlier(s)
		if err == nil {
			r.before = append(r.before, compare.PacketOf(e))
		}
		return err
	}
	e, err := r.show.Packet(s)
	if err != nil {
		return writeError(err)
	}
	r.packets = append(r.packets, compare.PacketOf(e))
	return nil
}

// showEarlier shows a packet of the earlier browser, if it is to be shown.
func (r *recorder) showEarlier(s *dissect.Segment) (*dissect.Event, error) {
	if !r.earlier {
		return r.show.Learn(s)
	}
	e, err := r.show.Packet(s)
	if err != nil {
		return nil, writeError(err)
	}
	return e, nil
}

func (r *recorder) close() error {
	if r.pcap == nil {
		return nil
	}
	return r.pcap.Close()
}

// writeJSON writes a comparison as one JSON object. unprepared is what the stage could
// not bring about, or nil.
func writeJSON(w io.Writer, stage string, c *compare.Comparison, unprepared error, lang catalogue.Lang) error {
	why := ""
	if unprepared != nil {
		why = catalogue.Words(unprepared, lang)
	}
	fields := make(map[string]compare.Field, len(c.Fields))
	for _, f := range c.Fields {
		fields[f.Name] = f
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Stage       string                   `json:"stage"`
		OK          bool                     `json:"ok"`
		Packets     int                      `json:"packets"`
		Documented  int                      `json:"documented"`
		Extra       int                      `json:"extra"`
		ExtraAcks   int                      `json:"extra_acks"`
		Missing     []int                    `json:"missing"`
		Fields      map[string]compare.Field `json:"fields"`
		Differences []compare.Difference     `json:"differences"`
		Bytes       int                      `json:"bytes"`
		Identical   int                      `json:"identical_bytes"`
		Unprepared  string                   `json:"unprepared,omitempty"`
	}{stage, c.Right(), c.Captured, c.Documented, c.Extra, c.ExtraAcks, nonNil(c.Missing), fields, nonNil(c.Differences),
		c.Bytes, c.IdenticalBytes, why})
}

// nonNil makes an empty list of what JSON would show as null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
