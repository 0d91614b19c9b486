package capture

import (
	"os/user"
	"strconv"
	"syscall"
)

// DropPrivileges makes the whole process, all its threads, run as another user
// from now on, with that user's groups, as tcpdump -Z does. A capture that is
// open goes on.
func DropPrivileges(name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return texts.Error("user.none", "user", name[:min(len(name), 32)])
	}
	uid, uerr := strconv.Atoi(u.Uid)
	gid, gerr := strconv.Atoi(u.Gid)
	if uerr != nil || gerr != nil {
		return texts.Error("user.none", "user", name[:min(len(name), 32)])
	}
	groups := []int{gid}
	if ids, err := u.GroupIds(); err == nil {
		for _, id := range ids {
			if g, err := strconv.Atoi(id); err == nil && g != gid {
				groups = append(groups, g)
			}
		}
	}
	// The groups first: without the user's rights they could not be changed.
	err = syscall.Setgroups(groups)
	if err == nil {
		err = syscall.Setgid(gid)
	}
	if err == nil {
		err = syscall.Setuid(uid)
	}
	if err != nil {
		return texts.Error("user.change", "user", name[:min(len(name), 32)], "uid", uid, "gid", gid, "why", err)
	}
	return nil
}
