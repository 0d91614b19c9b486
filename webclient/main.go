// Command webclient serves the chat's page.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	// Go ends a program whose stdout or stderr nobody reads any more (os/signal,
	// "SIGPIPE"). The page stays.
	signal.Ignore(syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("webclient", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	listen := flags.String("listen", fmt.Sprintf(":%d", chat.PagePort), "`address` to listen on")
	chatPort := flags.Int("chat-port", chat.Port, "`port` of the chat server on the same host")
	dialect := flags.String("dialect", string(chat.Today), "what the page speaks: today or 2014")
	lang := flags.String("lang", "", "`language` for browsers that ask for none of ours: en, fr or zh")
	fail := func(err error, hint string) int {
		fmt.Fprintf(stderr, "webclient: %v\n", err)
		if hint != "" {
			fmt.Fprintf(stderr, "hint: %s\n", hint)
		}
		return 2
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, "usage: webclient [flags]")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return 0
	} else if err != nil {
		return fail(err, "see webclient -h")
	}
	if flags.NArg() > 0 {
		return fail(fmt.Errorf("unexpected argument %q", flags.Arg(0)), "see webclient -h")
	}
	if *chatPort < 1 || *chatPort > 65535 {
		return fail(fmt.Errorf("no such port: %d", *chatPort), "take one from 1 to 65535")
	}
	if !slices.Contains(chat.Dialects, chat.Dialect(*dialect)) {
		return fail(fmt.Errorf("no dialect %q", *dialect), "take today or 2014")
	}
	language, err := catalogue.Choose(*lang, os.Getenv)
	if err != nil {
		return fail(err, "")
	}
	ln, err := net.Listen("tcp", *listen)
	if err != nil {
		hint := fmt.Sprintf("give an address as --listen :%d", chat.PagePort)
		if errors.Is(err, syscall.EADDRINUSE) {
			hint = "another program has this port; end it, or take another with --listen :0"
		}
		return fail(err, hint)
	}
	fmt.Fprintf(&asyncWriter{w: stdout}, "http://%s\n", browseAddr(ln.Addr()))
	// There is no packet source here; the page says so, and what has one.
	packets := wire.New(wire.Options{Port: uint16(*chatPort)})
	defer packets.Close()
	handler := site.Handler(site.Options{ChatPort: *chatPort, Dialect: chat.Dialect(*dialect), Lang: language, Wire: packets})
	if err := serve(ctx, ln, handler, &asyncWriter{w: stderr}); err != nil {
		return fail(err, "")
	}
	return 0
}

// serve serves until ctx ends, then lets requests in progress finish. The server's
// log goes to errors.
func serve(ctx context.Context, ln net.Listener, h http.Handler, errors io.Writer) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(errors, "webclient: ", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return server.Close()
	}
	return nil
}

// browseAddr returns an address that a browser can open. A listener on all addresses
// is on this machine's loopback too.
func browseAddr(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
}
