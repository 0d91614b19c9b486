package capture_test

import (
	"fmt"
	"log"
	"os"

	"chatlab/sniffer/capture"
)

// A capture file, pcap or pcapng, compressed or not, is read packet by packet.
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
	packets, bytes := 0, 0
	for p, err := range capture.All(r) {
		if err != nil {
			log.Fatal(err)
		}
		packets, bytes = packets+1, bytes+p.Length
	}
	fmt.Println(packets, "packets,", bytes, "bytes")
	// Output:
	// 34 packets, 4965 bytes
}
