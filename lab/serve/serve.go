// Package serve is a whole lesson in one process: the chat, its page and the
// wire that the page shows.
package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"chatlab/chatserver/server"
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
	// ShareWire shows the packets, and with them everybody's messages, to
	// browsers on other machines too.
	ShareWire bool
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

	o       Options
	place   stage.Stage
	chat    net.Listener // of the chat server, on the stage or on this machine
	relay   *stage.Relay // nil on host
	page    net.Listener
	packets stage.Capture
	wire    *wire.Wire
}

// stages are the stages in the order in which a lesson tries them: the machine's
// own interfaces show the true packets of a class.
var stages = []string{stage.Host, stage.Namespace, stage.Userspace}

// Open takes the ports and begins to capture, on the first stage that has all
// that a lesson needs.
func Open(o Options) (*Lesson, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Stage != "" {
		return openOn(o.Stage, o)
	}
	var passed []error
	for _, name := range stages {
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
	return nil, &stage.None{Why: passed}
}

func openOn(name string, o Options) (*Lesson, error) {
	l := &Lesson{o: o, Stage: name}
	if err := l.open(); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Lesson) open() (err error) {
	if l.place, err = stage.Open(l.Stage); err != nil {
		return err
	}
	if l.page, err = stage.ListenHost(l.o.Host, l.o.PagePort); err != nil {
		return err
	}
	l.PagePort = port(l.page)
	if l.Stage == stage.Host {
		if l.chat, err = stage.ListenHost(l.o.Host, l.o.ChatPort); err != nil {
			return err
		}
		l.ChatPort = port(l.chat)
		if l.packets, err = captureAny(l.ChatPort); err != nil {
			return stage.NoCapture(l.Stage, err)
		}
	} else {
		if l.chat, err = l.place.Listen(l.o.ChatPort); err != nil {
			return err
		}
		l.ChatPort = port(l.chat)
		if l.relay, err = stage.OpenRelay(l.place, stage.RelayOptions{
			Host: l.o.Host, Ports: []stage.RelayPort{{Host: l.o.ChatPort, Stage: l.ChatPort}},
		}); err != nil {
			return err
		}
		if l.packets, err = l.place.Capture(); err != nil {
			return stage.NoCapture(l.Stage, err)
		}
	}
	l.wire = wire.New(wire.Options{Port: l.ChatPort, Share: l.o.ShareWire})
	if l.relay != nil {
		l.ChatPort = l.relay.Addr(0).Port()
	}
	return nil
}

// captureAny captures a port's packets on every interface of this machine.
func captureAny(port uint16) (stage.Capture, error) {
	program, err := filter.Compile("tcp port "+strconv.Itoa(int(port)), capture.LinuxSLL2, 0, nil)
	if err != nil {
		return nil, err
	}
	c, err := capture.Open(capture.Options{Interface: "any", Filter: program.Raw()})
	if err != nil {
		return nil, err // and no nil *Live in an interface that is not nil
	}
	return c, nil
}

// host is the address that the page is served on.
func (l *Lesson) host() netip.Addr { return l.page.Addr().(*net.TCPAddr).AddrPort().Addr().Unmap() }

func port(l net.Listener) uint16 { return uint16(l.Addr().(*net.TCPAddr).Port) }

// Close gives the ports and the stage back. A lesson that was run is closed.
func (l *Lesson) Close() {
	if l.packets != nil {
		l.packets.Close()
	}
	for _, listener := range []net.Listener{l.chat, l.page} {
		if listener != nil {
			listener.Close()
		}
	}
	if l.relay != nil {
		l.relay.Close()
	}
	if l.wire != nil {
		l.wire.Close()
	}
	if l.place != nil {
		l.place.Close()
	}
}

// Run gives the lesson until ctx is done or a part of it fails.
func (l *Lesson) Run(ctx context.Context) error {
	defer l.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	part := func(name string, run func() error) {
		running.Go(func() {
			if err := run(); err != nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	options := server.Defaults()
	options.Log, options.PagePort = l.o.Log, int(l.PagePort)
	part("chat server", func() error { return server.New(options).Serve(ctx, l.chat) })
	if l.relay != nil {
		part("relay", func() error { return l.relay.Serve(ctx) })
	}
	part("wire", func() error { return l.wire.Run(ctx, l.packets) })
	page := &http.Server{
		Handler: site.Handler(site.Options{
			ChatPort: int(l.ChatPort), Lang: l.o.Lang, Wire: l.wire,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(l.o.Log.Handler(), slog.LevelError),
	}
	part("page", func() error {
		if err := page.Serve(l.page); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	<-ctx.Done()
	why := context.Cause(ctx)
	l.packets.Close()
	l.wire.Close()
	page.Close()
	running.Wait()
	if errors.Is(why, context.Canceled) {
		return nil
	}
	return why
}
