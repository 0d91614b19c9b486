package main

const usage = `Usage: sniffer [-AbDefhHKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -F file ] [ -i interface ] [ --immediate-mode ] [ -M secret ]
		[ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ --version ] [ -w file ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -Z user ] [ expression ]
`

const version = "sniffer (prints as tcpdump 4.99 does)\n"
