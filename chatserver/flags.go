package main

import (
	"embed"
	"strings"
	"time"

	"chatlab/chatserver/server"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what the command says. What its server logs is for machines too, and in
// English.
var texts = catalogue.Must(embedded, "texts")

// commandLine has a flag for each of the server's options.
func commandLine(o *server.Options, listen *string) *command.Line {
	l := &command.Line{Name: "chatserver", About: texts.Message("about"), Status: texts.Message("status")}
	l.String(listen, "listen", command.Address, texts.Message("flag.listen"))
	l.AllowOrigins(&o.AllowOrigins)
	const most = 1<<31 - 1
	command.Integer(l, &o.PagePort, "page-port", command.Port, 0, 65535, texts.Message("flag.page-port", "default", o.PagePort))
	command.Integer(l, &o.MaxMessage, "max-message", command.Bytes, 0, most, texts.Message("flag.max-message", "default", o.MaxMessage))
	command.Integer(l, &o.MaxName, "max-name", command.Number, 0, most, texts.Message("flag.max-name", "default", o.MaxName))
	command.Integer(l, &o.Rate, "rate", command.Number, 0, most, texts.Message("flag.rate", "default", o.Rate))
	command.Integer(l, &o.MaxMembers, "max-members", command.Number, 0, most, texts.Message("flag.max-members", "default", o.MaxMembers))
	command.Integer(l, &o.MaxRooms, "max-rooms", command.Number, 0, most, texts.Message("flag.max-rooms", "default", o.MaxRooms))
	command.Integer(l, &o.QueueBytes, "queue", command.Bytes, 0, most, texts.Message("flag.queue", "default", o.QueueBytes))
	l.Duration(&o.HandshakeTime, "handshake-time", texts.Message("flag.handshake-time", "default", short(o.HandshakeTime)))
	l.Duration(&o.IdleTime, "idle-time", texts.Message("flag.idle-time", "default", short(o.IdleTime)))
	l.Bool(&o.LogMessages, "log-messages", texts.Message("flag.log-messages"))
	return l
}

// short gives a time as one types it: "2h", not "2h0m0s".
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
