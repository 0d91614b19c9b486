package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// brokerArgument is the command line of the process inside the namespace.
const brokerArgument = "namespace-broker"

// openNamespace starts this program again in a user and network namespace of its
// own. That process, the broker, sets the loopback up as it was in 2014, and then
// makes sockets and sends their descriptors (SCM_RIGHTS in unix(7)). A socket stays
// in the namespace that it was made in, whichever process has its descriptor.
func openNamespace() (Stage, error) {
	b, err := startBroker(unix.CLONE_NEWUSER | unix.CLONE_NEWNET)
	if err != nil && os.Geteuid() == 0 {
		// In a container root may be allowed the latter without the former.
		if again, e := startBroker(unix.CLONE_NEWNET); e == nil {
			b, err = again, nil
		}
	}
	if err != nil {
		hint := texts.Message("hint.userspace")
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EINVAL) {
			hint = texts.Message("hint.namespace")
		}
		return nil, unavailable(Namespace, err, hint)
	}
	return &namespaceStage{kernelStage{name: Namespace, socket: b.socket, close: b.close}}, nil
}

// namespaceStage has its loopback for itself, and may do with its TCP what it likes.
type namespaceStage struct{ kernelStage }

// broker is our end of the connection with the process in the namespace.
type broker struct {
	mu   sync.Mutex // one request at a time
	fd   int
	cmd  *exec.Cmd
	once sync.Once
}

func startBroker(flags uintptr) (*broker, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "broker")
	defer theirs.Close()
	b := &broker{fd: pair[0]}
	b.cmd = &exec.Cmd{
		Path:       "/proc/self/exe",
		Args:       []string{os.Args[0], brokerArgument},
		Env:        []string{},
		ExtraFiles: []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: flags,
			// A terminal's Ctrl-C must not reach the broker, which is still needed. It
			// ends when the connection is closed.
			Setpgid: true,
		},
	}
	if flags&unix.CLONE_NEWUSER != 0 {
		b.cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		b.cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	if err := b.cmd.Start(); err != nil {
		unix.Close(pair[0])
		return nil, texts.Error("namespace.make", "why", startError(err))
	}
	theirs.Close()
	// The first message says that the loopback is ready.
	if _, err := b.answer(); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// startError returns why a namespace was not made, in words that fit: for a limit
// clone(2) fails with ENOSPC, "no space left on device".
func startError(err error) error {
	if errors.Is(err, unix.ENOSPC) {
		e := texts.Error("namespace.limit")
		e.Err = fs.ErrPermission
		return e
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err // without "fork/exec /proc/self/exe"
	}
	return err
}

// socket makes a socket in the namespace, as socket(2) does here.
func (b *broker) socket(domain, typ, protocol int) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := unix.Sendmsg(b.fd, encodeRequest(domain, typ, protocol), nil, nil, unix.MSG_NOSIGNAL); err != nil {
		return -1, texts.Error("namespace.failed", "why", err)
	}
	return b.answer()
}

// answer reads an answer: a descriptor, nothing, or what went wrong.
func (b *broker) answer() (int, error) {
	data, control := make([]byte, 512), make([]byte, unix.CmsgSpace(4))
	n, controlLength, _, _, err := recvmsg(b.fd, data, control)
	if err != nil {
		return -1, texts.Error("namespace.failed", "why", err)
	}
	if n == 0 {
		return -1, texts.Error("namespace.failed", "why", texts.Error("namespace.ended"))
	}
	errno, text := decodeAnswer(data[:n])
	if errno != 0 {
		return -1, texts.Error("namespace.failed", "why", texts.Error("namespace.call", "call", text, "why", errno))
	}
	messages, err := unix.ParseSocketControlMessage(control[:controlLength])
	if err != nil || len(messages) == 0 {
		return -1, err
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return -1, texts.Error("namespace.failed", "why", fmt.Errorf("%d descriptors for one socket: %w", len(fds), err))
	}
	return fds[0], nil
}

// close ends the broker: it stops when its connection does. The namespace goes
// with the last socket in it.
func (b *broker) close() error {
	var err error
	b.once.Do(func() {
		unix.Close(b.fd)
		err = b.cmd.Wait()
	})
	return err
}

func recvmsg(fd int, data, control []byte) (n, controlLength, flags int, from unix.Sockaddr, err error) {
	for {
		n, controlLength, flags, from, err = unix.Recvmsg(fd, data, control, unix.MSG_CMSG_CLOEXEC)
		if err != unix.EINTR {
			return n, controlLength, flags, from, err
		}
	}
}
