package filter_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// An expression is parsed once, and compiled for the link type of the packets.
func Example() {
	expression, err := filter.Parse("tcp port 7272 and tcp[tcpflags] & tcp-syn != 0", nil)
	if err != nil {
		log.Fatal(err)
	}
	f, err := os.Open("../tcpdump/testdata/documented.pcap")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	program, err := expression.Compile(context.Background(), r.Header().LinkType)
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for p, err := range capture.All(r) {
		if err != nil {
			log.Fatal(err)
		}
		n++
		if program.Match(p.Data, p.Length) {
			fmt.Println("packet", n, "has SYN")
		}
	}
	// Output:
	// packet 1 has SYN
	// packet 2 has SYN
	// packet 16 has SYN
	// packet 17 has SYN
}

// What is wrong with an expression is pointed at.
func ExampleError() {
	_, err := filter.Parse("tcp prot 7272", nil)
	fmt.Println(err)
	if wrong, ok := err.(*filter.Error); ok {
		fmt.Println(wrong.Point())
	}
	// Output:
	// expected port, src or dst between “tcp” and “prot”
	// tcp prot 7272
	//     ^^^^
}
