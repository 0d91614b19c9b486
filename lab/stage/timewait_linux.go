package stage

import (
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"
)

// States of a socket, of include/net/tcp_states.h.
const (
	tcpStateClose     = 7
	tcpStateCloseWait = 8
	tcpStateLastAck   = 9
)

// Options and queues of TCP_REPAIR, of include/uapi/linux/tcp.h.
const (
	repairRecvQueue, repairSendQueue = 1, 2
	optionMSS                        = 2
	optionWindowScale                = 3
	optionSACK                       = 4
	optionTimestamps                 = 8
)

// What the end of a connection before the prepared one sends.
const (
	// earlierSegments are as many as it takes until the kernel paces them
	// (tcp_update_skb_after_send in net/ipv4/tcp_output.c), and a few more.
	earlierSegments = 12
	// earlierBytes are their bytes, one each, and the FIN.
	earlierBytes = earlierSegments + 1
	// holdRate holds the FIN back for the 5 ms that one byte before it takes.
	holdRate = 200
	// reuseStep is what a new connection's numbers are ahead of those of the one in
	// TIME-WAIT (tcp_twsk_unique, tcp_timewait_state_process).
	reuseStep = 65535 + 2
)

const (
	timeWaitTries = 5
	// timeWaitTime is how long it may take until both ends are in TIME-WAIT.
	timeWaitTime = 500 * time.Millisecond
)

// leaveTimeWait lets both ends of each connection be in TIME-WAIT, as if the two ports
// had just been connected already, with such numbers that the next connection begins
// with those wanted: Linux lets it begin 65537 behind the one before. (A socket that is
// bound to its port takes that over from TIME-WAIT at once, whatever tcp_tw_reuse says.)
// It knows a timestamp of the other side then, too, which its SYN echoes: hence the SYN's window
// of 32768, as in 2014 (the 12 bytes of the option let tcp_select_initial_window round
// to 2 × 16384).
//
// The sockets are made with TCP_REPAIR, which needs CAP_NET_ADMIN over the network
// namespace; who made that has it.
func (k *kernelStage) leaveTimeWait(connections []Connection) error {
	for range timeWaitTries {
		if late, err := k.tryTimeWait(connections); !late {
			return err
		}
	}
	return texts.Error("prepare.late")
}

// tryTimeWait is late where one end heard of the other's FIN before it sent its own:
// then that end goes without TIME-WAIT.
func (k *kernelStage) tryTimeWait(connections []Connection) (late bool, err error) {
	var ends []int
	left := false
	defer func() {
		for _, fd := range ends {
			if !left {
				// A socket that is under repair goes without a word.
				_ = unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_ON)
			}
			unix.Close(fd)
		}
	}()
	for _, c := range connections {
		from, to := c.ISNFrom-reuseStep-earlierBytes, c.ISNTo-reuseStep-earlierBytes
		for _, end := range []struct {
			port, peer uint16
			send, recv uint32
		}{{c.From, c.To, from, to}, {c.To, c.From, to, from}} {
			fd, err := k.tcpSocket()
			if err != nil {
				return false, err
			}
			ends = append(ends, fd)
			if err := establish(fd, end.port, end.peer, end.send, end.recv); err != nil {
				return false, err
			}
		}
	}
	for _, fd := range ends {
		if err := release(fd); err != nil {
			return false, err
		}
	}
	// A FIN on loopback arrives at once. Pacing holds both back until both ends have
	// closed.
	for i := range earlierSegments {
		for _, fd := range ends {
			if i == earlierSegments-1 {
				if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_MAX_PACING_RATE, holdRate); err != nil {
					return false, failed("SO_MAX_PACING_RATE", err)
				}
			}
		}
		for _, fd := range ends {
			if _, err := unix.Write(fd, []byte{'x'}); err != nil {
				return false, failed("write", err)
			}
		}
	}
	for _, fd := range ends {
		if err := unix.Shutdown(fd, unix.SHUT_WR); err != nil {
			return false, failed("shutdown", err)
		}
	}
	for _, fd := range ends {
		if s := socketState(fd); s == tcpStateCloseWait || s == tcpStateLastAck {
			return true, nil
		}
	}
	// A socket that goes to TIME-WAIT leaves that behind and is closed itself.
	for end := time.Now().Add(timeWaitTime); ; time.Sleep(time.Millisecond / 2) {
		closed := 0
		for _, fd := range ends {
			if socketState(fd) == tcpStateClose {
				closed++
			}
		}
		if closed == len(ends) {
			break
		}
		if time.Now().After(end) {
			return true, nil
		}
	}
	left = true
	return false, nil
}

// establish makes a socket one end of an established connection, without a packet.
func establish(fd int, port, peer uint16, send, recv uint32) error {
	// Before the socket is bound: while it is under repair it lends nobody its port.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return failed("SO_REUSEADDR", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_ON); err != nil {
		return failed("TCP_REPAIR", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(port), Addr: loopbackAddress}); err != nil {
		return failed("bind", err)
	}
	for _, queue := range []struct {
		number int
		seq    uint32
	}{{repairSendQueue, send}, {repairRecvQueue, recv}} {
		if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR_QUEUE, queue.number); err != nil {
			return failed("TCP_REPAIR_QUEUE", err)
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_QUEUE_SEQ, int(int32(queue.seq))); err != nil {
			return failed("TCP_QUEUE_SEQ", err)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR_QUEUE, 0); err != nil {
		return failed("TCP_REPAIR_QUEUE", err)
	}
	if err := connect(fd, peer); err != nil {
		return failed("connect", err)
	}
	// struct tcp_repair_opt: a code and its value.
	if err := setsockopt(fd, unix.TCP_REPAIR_OPTIONS, optionMSS, loopbackMTU-40,
		optionWindowScale, loopbackScale|loopbackScale<<16, optionSACK, 0, optionTimestamps, 0); err != nil {
		return failed("TCP_REPAIR_OPTIONS", err)
	}
	// struct tcp_repair_window: snd_wl1, snd_wnd, max_window, rcv_wnd, rcv_wup.
	if err := setsockopt(fd, unix.TCP_REPAIR_WINDOW, recv, loopbackWindow, loopbackWindow, loopbackWindow, recv); err != nil {
		return failed("TCP_REPAIR_WINDOW", err)
	}
	return nil
}

// release ends the repair of a socket, without the probe that is sent otherwise.
func release(fd int) error {
	for _, o := range []struct {
		name                 string
		level, option, value int
	}{
		{"TCP_REPAIR", unix.SOL_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_OFF_NO_WP},
		// Which the end of a repair clears; without it nobody could listen on the port.
		{"SO_REUSEADDR", unix.SOL_SOCKET, unix.SO_REUSEADDR, 1},
		{"TCP_NODELAY", unix.SOL_TCP, unix.TCP_NODELAY, 1},
	} {
		if err := unix.SetsockoptInt(fd, o.level, o.option, o.value); err != nil {
			return failed(o.name, err)
		}
	}
	return nil
}

// setsockopt sets an option of TCP's that consists of numbers.
func setsockopt(fd, option int, values ...uint32) error {
	var b []byte
	for _, v := range values {
		b = binary.NativeEndian.AppendUint32(b, v)
	}
	return unix.SetsockoptString(fd, unix.SOL_TCP, option, string(b))
}

// socketState gives a socket's state, or 0.
func socketState(fd int) uint8 {
	info, err := unix.GetsockoptTCPInfo(fd, unix.SOL_TCP, unix.TCP_INFO)
	if err != nil {
		return 0
	}
	return info.State
}

// failed says which call or option failed.
func failed(call string, err error) error {
	e := texts.Error("namespace.call", "call", call, "why", err)
	e.Err = err
	return e
}
