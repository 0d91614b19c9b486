package annotate_test

import (
	"fmt"
	"log"
	"os"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// A comment is made from what a packet is in its conversation, and worded in any of
// the three languages.
func Example() {
	f, err := os.Open("../tcpdump/testdata/documented.pcap")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	var annotator annotate.Annotator
	var tracker dissect.Tracker
	var s dissect.Segment
	n := 0
	for p, err := range capture.All(r) {
		if err != nil {
			log.Fatal(err)
		}
		n++
		if s.Decode(p) != nil {
			continue
		}
		comment := annotator.Add(tracker.Add(&s))
		if comment.Ack {
			continue
		}
		fmt.Println(n, comment.Step, "–", comment.Title(catalogue.English))
	}
	// Output:
	// 1 tcp-handshake – TCP handshake 1/3 · browser (port 60584) → server (port 7272)
	// 2 tcp-handshake – TCP handshake 2/3 · server (port 7272) → browser (port 60584)
	// 3 tcp-handshake – TCP handshake 3/3 · browser (port 60584) → server (port 7272)
	// 4 upgrade – WebSocket handshake · browser (port 60584) → server (port 7272)
	// 6 upgrade – WebSocket handshake · server (port 7272) → browser (port 60584)
	// 8 login – Login · 猪猪 (port 60584) → server (port 7272)
	// 9 members – Member list · server (port 7272) → 猪猪 (port 60584)
	// 11 login-broadcast – Login announced · server (port 7272) → 猪猪 (port 60584)
	// 13 say – Message sent · 猪猪 (port 60584) → server (port 7272)
	// 14 say-broadcast – Message delivered · server (port 7272) → 猪猪 (port 60584)
	// 16 tcp-handshake – TCP handshake 1/3 · browser (port 60653) → server (port 7272)
	// 17 tcp-handshake – TCP handshake 2/3 · server (port 7272) → browser (port 60653)
	// 18 tcp-handshake – TCP handshake 3/3 · browser (port 60653) → server (port 7272)
	// 19 upgrade – WebSocket handshake · browser (port 60653) → server (port 7272)
	// 21 upgrade – WebSocket handshake · server (port 7272) → browser (port 60653)
	// 23 login – Login · mynick (port 60653) → server (port 7272)
	// 24 members – Member list · server (port 7272) → mynick (port 60653)
	// 26 login-broadcast – Login announced · server (port 7272) → mynick (port 60653)
	// 28 login-broadcast – Login announced · server (port 7272) → 猪猪 (port 60584)
	// 30 say – Message sent · mynick (port 60653) → server (port 7272)
	// 31 say-broadcast – Message delivered · server (port 7272) → mynick (port 60653)
	// 33 say-broadcast – Message delivered · server (port 7272) → 猪猪 (port 60584)
}
