// Package bundle is a chat that can be joined: its server and its page, a capture
// of what passes, and a relay where browsers cannot reach the stage themselves.
package bundle

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"chatlab/chatserver/server"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/listen"
	"chatlab/webclient/site"
)

// Options say where a bundle plays, and who can join.
type Options struct {
	Stage stage.Stage
	// ChatPort and PagePort are the ports on the stage; 0 takes free ones.
	ChatPort, PagePort uint16
	// Browsers says where a person's browser joins. nil: only who dials on the
	// stage can.
	Browsers *Browsers
	// Capture captures the chat's packets. nil: the stage's own capture.
	Capture func(chatPort uint16) (stage.Capture, error)
}

// Browsers is where this machine's browsers, or a class's, find the chat.
type Browsers struct {
	// Host is the address of this machine to listen on, as for listen.TCP.
	// On the host stage it takes the place of the stage's own, 127.0.0.1.
	Host string
	// ChatPort and PagePort are the ports there; 0 takes free ones. On the host
	// stage they are those of Options.
	ChatPort, PagePort uint16
	// PageOutside serves the page beside the stage: its server sees the browsers'
	// own addresses, and its packets do not pass on the stage.
	PageOutside bool
}

const loopback = "127.0.0.1"

// Bundle has all its ports, and captures.
type Bundle struct {
	// Chat and Page are where the servers will accept.
	Chat, Page net.Listener
	Packets    stage.Capture
	// ChatPort and PagePort are where browsers find them; the ports on the stage
	// are the listeners' own.
	ChatPort, PagePort uint16

	stage stage.Stage
	relay *stage.Relay // nil where browsers need none
	chat  atomic.Pointer[server.Server]
}

// Open takes the ports and begins to capture. Where a port is taken the error is
// a *listen.Refused, where nothing can be captured a *stage.Unavailable.
func Open(o Options) (*Bundle, error) {
	b := &Bundle{stage: o.Stage}
	if err := b.open(o); err != nil {
		b.Close()
		return nil, remedy(err, o.Browsers)
	}
	return b, nil
}

// remedy adds to an error that is a port's which flag of lab's commands chooses another.
func remedy(err error, to *Browsers) error {
	var refused *listen.Refused
	switch {
	case to == nil || !errors.As(err, &refused):
		return err
	case refused.Port == to.PagePort && to.PagePort != to.ChatPort:
		return listen.Remedy(err, "--page")
	default:
		return listen.Remedy(err, "--chat")
	}
}

func (b *Bundle) open(o Options) (err error) {
	listenChat, listenPage := o.Stage.Listen, o.Stage.Listen
	if to := o.Browsers; to != nil {
		outside := func(port uint16) (net.Listener, error) { return listen.TCP(to.Host, port) }
		if o.Stage.Name() == stage.Host {
			o.ChatPort, o.PagePort = to.ChatPort, to.PagePort
			if to.Host != loopback {
				listenChat, listenPage = outside, outside
			}
		} else if to.PageOutside {
			listenPage, o.PagePort = outside, to.PagePort
		}
	}
	if b.Chat, err = listenChat(o.ChatPort); err != nil {
		return err
	}
	b.ChatPort = Port(b.Chat)
	if o.Capture != nil {
		b.Packets, err = o.Capture(b.ChatPort)
	} else {
		b.Packets, err = o.Stage.Capture()
	}
	if err != nil {
		return stage.NoCapture(o.Stage.Name(), err)
	}
	if b.Page, err = listenPage(o.PagePort); err != nil {
		return err
	}
	b.PagePort = Port(b.Page)
	if o.Browsers == nil || o.Stage.Name() == stage.Host {
		return nil
	}
	relayed := stage.RelayOptions{Host: o.Browsers.Host, Ports: []stage.RelayPort{{Host: o.Browsers.ChatPort, Stage: b.ChatPort}}}
	if !o.Browsers.PageOutside {
		relayed.Ports = append(relayed.Ports, stage.RelayPort{Host: o.Browsers.PagePort, Stage: b.PagePort})
	}
	if b.relay, err = stage.OpenRelay(o.Stage, relayed); err != nil {
		return err
	}
	b.ChatPort = b.relay.Addr(0).Port()
	if !o.Browsers.PageOutside {
		b.PagePort = b.relay.Addr(1).Port()
	}
	return nil
}

// Port is the port that l listens on.
func Port(l net.Listener) uint16 { return uint16(l.Addr().(*net.TCPAddr).Port) }

// Client gives the address of the browser that is connected to the chat from an address,
// as the packets and the server have it: another one where a relay lies between. What
// is not known is returned as it is.
func (b *Bundle) Client(addr netip.AddrPort) netip.AddrPort {
	if b.relay != nil {
		if client, known := b.relay.Client(addr.Port(), Port(b.Chat)); known {
			return client
		}
	}
	return addr
}

// Run serves until ctx is done, and then returns nil, or until a part fails. The
// chat lets the page's browsers in, the page looks for the chat where it is.
// Reading the packets is the caller's.
func (b *Bundle) Run(ctx context.Context, chat server.Options, page site.Options) error {
	defer b.Close()
	if chat.Log == nil {
		chat.Log = slog.New(slog.DiscardHandler)
	}
	chat.Peer = b.Client
	chat.PagePort, page.PagePort, page.ChatPort = int(b.PagePort), int(b.PagePort), int(b.ChatPort)
	web := &http.Server{
		Handler: site.Handler(page), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(chat.Log.Handler(), slog.LevelError),
	}
	parts, ctx := errgroup.WithContext(ctx)
	part := func(key string, serve func() error) {
		parts.Go(func() error {
			if err := serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				return texts.Lab.Error(key, "why", err)
			}
			return nil
		})
	}
	serving := server.New(chat)
	b.chat.Store(serving)
	part("part.chat", func() error { return serving.Serve(ctx, b.Chat) })
	part("part.page", func() error { return web.Serve(share(b.Page, maxOfAddress)) })
	if b.relay != nil {
		parts.Go(func() error {
			b.relay.Serve(ctx)
			return nil
		})
	}
	<-ctx.Done()
	web.Close()
	return parts.Wait()
}

// Clean has everybody leave the chat that runs, as server.Server's Clean.
func (b *Bundle) Clean(reason string) {
	if s := b.chat.Load(); s != nil {
		s.Clean(reason)
	}
}

// Close gives the ports back and ends the capture; what runs fails then.
func (b *Bundle) Close() {
	if b.Packets != nil {
		b.Packets.Close()
	}
	for _, l := range []net.Listener{b.Chat, b.Page} {
		if l != nil {
			l.Close()
		}
	}
	if b.relay != nil {
		b.relay.Close()
	}
}
