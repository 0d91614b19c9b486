package main

import (
	"os"

	"chatlab/sniffer/capture"
)

// givePrivilegesUp becomes the user of -Z, else the one who ran sudo, else
// nobody. The socket and the files are open by then.
func givePrivilegesUp(to string, live bool, getenv func(string) string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if to != "" {
		return hinted(capture.DropPrivileges(to), "hint.user")
	}
	if !live {
		return nil
	}
	user := getenv("SUDO_USER")
	if user == "" || user == "root" {
		user = "nobody"
	}
	// In a user namespace there may be nobody else, and root is nobody much.
	_ = capture.DropPrivileges(user)
	return nil
}
