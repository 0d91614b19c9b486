package main

const usage = `Usage: sniffer [-AbDefhHKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -F file ] [ -i interface ] [ --immediate-mode ] [ -M secret ]
		[ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ --version ] [ -w file ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -Z user ] [ expression ]

What tcpdump lacks:
  --annotate    a comment above each packet
  --websocket   the WebSocket frames below each packet
  --json        a JSON object for each packet, on a line
  --follow N    what is said in conversation N, from 0
  --lang L      the comments' language: en, fr or zh
`

const version = "sniffer (prints as tcpdump 4.99 does)\n"
