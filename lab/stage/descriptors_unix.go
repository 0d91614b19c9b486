//go:build unix

package stage

import "syscall"

// descriptors is how many descriptors the process may have open (RLIMIT_NOFILE in
// getrlimit(2)), or 0 if that is not known.
func descriptors() uint64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return uint64(limit.Cur)
}
