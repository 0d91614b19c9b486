package capture

import "strings"

// An Interface is something that can be captured on.
type Interface struct {
	Name        string
	Description string // empty for a network interface
	Index       int    // the kernel's; 0 for "any"
	Up          bool
	Running     bool
	Loopback    bool
	Wireless    bool
	Connection  Connection
}

// Connection tells whether an interface has a cable or a network at its end.
type Connection uint8

// What is known of a connection.
const (
	ConnectionUnknown Connection = iota
	Connected
	Disconnected
	ConnectionNotApplicable
)

// Status returns the words that tcpdump -D puts in brackets behind the name:
// "Up, Running, Connected", or "none".
func (i *Interface) Status() string {
	var words []string
	for _, w := range []struct {
		is   bool
		word string
	}{{i.Up, "Up"}, {i.Running, "Running"}, {i.Loopback, "Loopback"}, {i.Wireless, "Wireless"}} {
		if w.is {
			words = append(words, w.word)
		}
	}
	if len(words) == 0 {
		words = append(words, "none")
	}
	connection := map[Connection][2]string{
		ConnectionUnknown: {"Connection status unknown", "Association status unknown"},
		Connected:         {"Connected", "Associated"},
		Disconnected:      {"Disconnected", "Not associated"},
	}[i.Connection]
	if w := connection[btoi(i.Wireless)]; w != "" {
		words = append(words, w)
	}
	return strings.Join(words, ", ")
}

// merit orders interfaces as libpcap does (pcap.c, get_figure_of_merit): those
// that can be expected to have traffic come first.
func (i *Interface) merit() int {
	return btoi(!i.Running)<<5 | btoi(!i.Up)<<4 |
		btoi(!i.Wireless && i.Connection == Disconnected)<<3 |
		btoi(i.Loopback)<<2 | btoi(i.Name == "any")<<1
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
