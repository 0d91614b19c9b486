package main

import (
	"os"

	"chatlab/sniffer/capture"
)

// givePrivilegesUp becomes the user of -Z, else the one who ran sudo, else
// nobody. The socket and the files are open by then.
func (c *config) givePrivilegesUp(live bool) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if c.user != "" {
		if err := capture.DropPrivileges(c.user); err != nil {
			return hinted{err, "leave -Z out where there is nobody else to become, as in most user namespaces"}
		}
		return nil
	}
	if !live {
		return nil
	}
	user := os.Getenv("SUDO_USER")
	if user == "" || user == "root" {
		user = "nobody"
	}
	// In a user namespace there may be nobody else, and root is nobody much.
	_ = capture.DropPrivileges(user)
	return nil
}
