package dissect_test

import (
	"fmt"
	"log"
	"os"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// A packet is decoded once; the tracker says what its segment means in its
// conversation, and which frames end in it.
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
	var tracker dissect.Tracker
	var s dissect.Segment
	for p, err := range capture.All(r) {
		if err != nil {
			log.Fatal(err)
		}
		if s.Decode(p) != nil {
			continue // no TCP
		}
		e := tracker.Add(&s)
		for _, u := range e.Units {
			switch u.Kind {
			case dissect.RequestUnit, dissect.ResponseUnit:
				fmt.Println(u.HTTP.Line)
			case dissect.FrameUnit:
				fmt.Printf("%v, masked %t: %s\n", u.Frame.Opcode, u.Frame.Masked, u.Frame.Payload)
			}
		}
	}
	// Output:
	// GET / HTTP/1.1
	// HTTP/1.1 101 Switching Protocols
	// text, masked true: {"type":"login","name":"猪猪"}
	// text, masked false: {"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"}]}
	// text, masked false: {"type":"login","uid":783654164,"name":"\u732a\u732a","time":"2014-08-12 17:42:25"}
	// text, masked true: {"type":"say","to_uid":"all","content":"大家好啊 !"}
	// text, masked false: {"type":"say","from_uid":783654164,"to_uid":"all","content":"\u5927\u5bb6\u597d\u554a !","time":"2014-08-12 :43:13"}
	// GET / HTTP/1.1
	// HTTP/1.1 101 Switching Protocols
	// text, masked true: {"type":"login","name":"mynick"}
	// text, masked false: {"type":"user_list","user_list":[{"uid":783654164,"name":"\u732a\u732a"},{"uid":783700053,"name":"mynick"}]}
	// text, masked false: {"type":"login","uid":783700053,"name":"mynick","time":"2014-08-12 17:50:30"}
	// text, masked false: {"type":"login","uid":783700053,"name":"mynick","time":"2014-08-12 17:50:30"}
	// text, masked true: {"type":"say","to_uid":"all","content":"hi,  all !"}
	// text, masked false: {"type":"say","from_uid":783700053,"to_uid":"all","content":"hi,  all !","time":"2014-08-12 :51:02"}
	// text, masked false: {"type":"say","from_uid":783700053,"to_uid":"all","content":"hi,  all !","time":"2014-08-12 :51:02"}
}

func ExampleMask() {
	payload := []byte{0x7f, 0x9f, 0x4d, 0x51, 0x58} // the masked "Hello" of RFC 6455 §5.7
	dissect.Mask(payload, [4]byte{0x37, 0xfa, 0x21, 0x3d}, 0)
	fmt.Printf("%s\n", payload)
	// Output: Hello
}

func ExampleAccept() {
	fmt.Println(dissect.Accept("dGhlIHNhbXBsZSBub25jZQ==")) // RFC 6455 §1.3
	// Output: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
}
