package stage

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"
)

// openHost opens the machine's own loopback. That packets can be captured there
// is tried at once: it is what fails first.
func openHost() (Stage, error) {
	k := &kernel{name: Host, socket: unix.Socket}
	c, err := k.Capture()
	if err != nil {
		hint := ""
		if errors.Is(err, fs.ErrPermission) {
			hint = "hint.capture"
		}
		return nil, &Unavailable{Host, err, hint}
	}
	return k, c.Close()
}
