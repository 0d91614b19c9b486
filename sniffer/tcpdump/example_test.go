package tcpdump_test

import (
	"log"
	"os"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcpdump"
)

// A printer writes what tcpdump -t -n would write.
func Example() {
	f, err := os.Open("testdata/documented.pcap")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	printer := tcpdump.NewPrinter(os.Stdout, tcpdump.Options{Numeric: 1, Time: tcpdump.TimeNone, Quiet: 1})
	for p, err := range capture.All(r) {
		if err != nil {
			log.Fatal(err)
		}
		if err := printer.Print(p); err != nil {
			log.Fatal(err)
		}
	}
	if err := printer.Flush(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 0
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 715
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 156
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 38
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 76
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 85
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 62
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 118
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 0
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 715
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 156
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 38
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 110
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 79
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 79
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 58
	// IP 127.0.0.1.7272 > 127.0.0.1.60653: tcp 102
	// IP 127.0.0.1.60653 > 127.0.0.1.7272: tcp 0
	// IP 127.0.0.1.7272 > 127.0.0.1.60584: tcp 102
	// IP 127.0.0.1.60584 > 127.0.0.1.7272: tcp 0
}
