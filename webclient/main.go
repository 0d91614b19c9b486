// Command webclient serves the chat's page.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/command"
	"chatlab/sniffer/listen"
	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

func main() {
	// Go ends a program whose stdout or stderr nobody reads any more (os/signal,
	// "SIGPIPE"). The page stays.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(command.UntilTold(), os.Args[1:], os.Stdout, os.Stderr, os.Getenv))
}

//go:embed texts/*.json
var embedded embed.FS

var texts = catalogue.Must(embedded, "texts")

// run returns the exit status: 0 when it was asked to end, 2 when it could not
// serve.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	listen, chatPort, dialect := fmt.Sprintf(":%d", chat.PagePort), chat.Port, chat.Today
	line := &command.Line{Name: "webclient", About: texts.Message("about"), Status: texts.Message("status")}
	line.String(&listen, "listen", command.Address, texts.Message("flag.listen", "default", chat.PagePort))
	command.Integer(line, &chatPort, "chat-port", command.Port, 1, 65535, texts.Message("flag.chat-port", "default", chat.Port))
	command.Choice(line, &dialect, "dialect", texts.Message("flag.dialect", "default", string(chat.Today)), chat.Dialects...)
	_, lang, err := line.Parse(args, getenv)
	if errors.Is(err, command.ErrHelp) {
		if err = line.WriteHelp(stdout, lang); err == nil {
			return 0
		}
	}
	if err == nil {
		err = serveAt(ctx, listen, site.Options{ChatPort: chatPort, Dialect: dialect, Lang: lang}, stdout, stderr)
	}
	if err != nil {
		catalogue.Report(stderr, "webclient", err, lang)
		return 2
	}
	return 0
}

// serveAt serves the page on an address until ctx ends.
func serveAt(ctx context.Context, address string, o site.Options, stdout, stderr io.Writer) error {
	ln, err := listen.At(ctx, "--listen", address)
	if err != nil {
		return err
	}
	fmt.Fprintf(&asyncWriter{w: stdout}, "http://%s\n", browseAddr(ln.Addr()))
	// There is no packet source here; the page says so, and what has one.
	packets := wire.New(wire.Options{Port: uint16(o.ChatPort)})
	defer packets.Close()
	o.Wire = packets
	if tcp, ok := ln.Addr().(*net.TCPAddr); ok {
		o.PagePort = tcp.Port
	}
	return serve(ctx, ln, site.Handler(o), &asyncWriter{w: stderr})
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
