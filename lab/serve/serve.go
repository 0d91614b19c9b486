// Package serve is a whole lesson in one process: the chat, its page and the
// wire that the page shows.
package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"chatlab/chatserver/server"
	"chatlab/lab/bundle"
	"chatlab/lab/class"
	"chatlab/lab/desk"
	"chatlab/lab/stage"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/filter"
	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

// Options say what a lesson offers, and to whom.
type Options struct {
	// Stage is where the chat server plays; "" takes the first that serves. On
	// host the packets are those of this machine's own interfaces, else those of
	// a loopback that the browsers reach through a relay.
	Stage string
	// Host is the address of this machine to listen on: "" for every interface.
	Host string
	// ChatPort and PagePort are the ports to listen on; 0 takes free ones.
	ChatPort, PagePort uint16
	// Class is the class list, or nil: then whoever comes is a guest. Secret is what
	// the students' tasks and links are made of.
	Class  *class.Roster
	Secret string
	// Results is a folder for what students hand in and what is captured. Empty:
	// nothing is handed in, and nothing kept when the lesson ends.
	Results string
	// ShareWire shows the packets, and with them everybody's messages, to
	// browsers on other machines too.
	ShareWire bool
	// AllowOrigins are server.Options' own.
	AllowOrigins []string
	// Forwarded gives the address by which a browser elsewhere finds a port, or "".
	// nil: there is none.
	Forwarded func(port uint16) string
	Lang      catalogue.Lang // for browsers that ask for none of ours
	// Log must not make who logs wait. nil: nothing is logged.
	Log *slog.Logger
}

// Lesson is a lesson that can be attended.
type Lesson struct {
	Stage string
	// Passed tells why the stages that are tried before this one do not serve.
	Passed []error
	// ChatPort and PagePort are where it is to be reached.
	ChatPort, PagePort uint16

	o      Options
	place  stage.Stage
	bundle *bundle.Bundle
	wire   *wire.Wire
	keep   *desk.Keep
	desk   *desk.Desk
}

// Stages are the stages in the order in which a lesson tries them: the machine's
// own interfaces show the true packets of a class.
var Stages = []string{stage.Host, stage.Namespace, stage.Userspace}

// Open takes the ports and begins to capture, on the first stage that has all
// that a lesson needs.
func Open(o Options) (*Lesson, error) {
	if o.Stage != "" {
		return openOn(o.Stage, o)
	}
	var passed []error
	for _, name := range Stages {
		l, err := openOn(name, o)
		var unavailable *stage.Unavailable
		if !errors.As(err, &unavailable) {
			if err == nil {
				l.Passed = passed
			}
			return l, err // a port that is taken is so on every stage
		}
		passed = append(passed, err)
	}
	return nil, stage.NoStage(passed)
}

func openOn(name string, o Options) (*Lesson, error) {
	place, err := stage.Open(name)
	if err != nil {
		return nil, err
	}
	options := bundle.Options{
		Stage: place, ChatPort: o.ChatPort,
		// Beside the stage, where the page sees who asks: the wire is not for all.
		Browsers: &bundle.Browsers{Host: o.Host, ChatPort: o.ChatPort, PagePort: o.PagePort, PageOutside: true},
	}
	if name == stage.Host {
		options.Capture = captureAny
	}
	b, err := bundle.Open(options)
	if err != nil {
		place.Close()
		return nil, err
	}
	l := &Lesson{
		Stage: name, ChatPort: b.ChatPort, PagePort: b.PagePort, o: o, place: place, bundle: b,
		wire: wire.New(wire.Options{Port: bundle.Port(b.Chat), Share: o.ShareWire}),
	}
	if l.keep, err = desk.OpenKeep(o.Results, time.Now()); err != nil {
		l.Close()
		return nil, texts.Error("results.open", "why", err).WithHint(texts.Message("results.choose"))
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	l.desk = desk.New(desk.Options{
		Wire: l.wire, Port: bundle.Port(b.Chat), Stage: name, Class: o.Class, Secret: o.Secret,
		Keep: l.keep, HandIn: o.Results != "",
		Lost:   func() int { return lost(b.Packets) },
		Client: b.Client, Clean: func() { b.Clean("the next round begins") },
		Log: log, Now: time.Now, Text: rand.Text,
	})
	return l, nil
}

// room is the kernel's for packets that wait, in bytes: a class's, while this machine does
// something else for some seconds.
const room = 32 << 20

// captureAny captures a port's packets on every interface of this machine.
func captureAny(port uint16) (stage.Capture, error) {
	expression, err := filter.Parse("tcp port "+strconv.Itoa(int(port)), nil)
	if err != nil {
		return nil, err
	}
	// A number is not looked up: there is nothing to interrupt.
	c, err := capture.Open(capture.Options{Interface: "any", Filter: expression.Live(context.Background()), Buffer: room})
	if err != nil {
		return nil, err // and no nil *Live in an interface that is not nil
	}
	return c, nil
}

// lost counts the packets that a capture has missed, where it counts them.
func lost(c stage.Capture) int {
	if counting, ok := c.(interface{ Stats() capture.Stats }); ok {
		return int(counting.Stats().Dropped)
	}
	return 0
}

// host is the address that the page is served on.
func (l *Lesson) host() netip.Addr {
	return l.bundle.Page.Addr().(*net.TCPAddr).AddrPort().Addr().Unmap()
}

// Close gives the ports and the stage back. A lesson that was run is closed.
func (l *Lesson) Close() {
	l.bundle.Close()
	if l.desk != nil {
		l.desk.Close()
	}
	l.wire.Close()
	l.place.Close()
	if l.keep != nil {
		if l.desk != nil {
			l.desk.Wait()
		}
		l.keep.Close()
	}
}

// tickTime is how often the desk's pages are told what is new, at most.
const tickTime = time.Second

// Run gives the lesson until ctx is done or a part of it fails.
func (l *Lesson) Run(ctx context.Context) error {
	defer l.Close()
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error {
		options := server.Defaults()
		options.Log, options.AllowOrigins = l.o.Log, l.o.AllowOrigins
		options.Who, options.Refuse = l.desk.Who, l.desk.Refuse
		// Everybody's packets are kept: nobody types as fast, or as much.
		options.Rate, options.MaxMessage = 20, 16<<10
		return l.bundle.Run(ctx, options, site.Options{Lang: l.o.Lang, Wire: l.wire, Desk: l.desk})
	})
	parts.Go(func() error {
		if err := l.wire.RunFeeding(ctx, l.bundle.Packets, l.desk.Observe); err != nil {
			return texts.Error("part.wire", "why", err)
		}
		return nil
	})
	parts.Go(func() error {
		for tick := time.NewTicker(tickTime); ; {
			select {
			case <-tick.C:
				l.desk.Tick()
			case <-ctx.Done():
				tick.Stop()
				return nil
			}
		}
	})
	<-ctx.Done()
	l.desk.Close()
	l.wire.Close()
	return parts.Wait()
}
