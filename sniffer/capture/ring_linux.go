package capture

import (
	"errors"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ring is the memory that the kernel writes packets into (packet(7),
// PACKET_RX_RING, TPACKET_V3; linux/Documentation/networking/packet_mmap.rst).
// It is a circle of blocks. The kernel fills a block and hands it over when it
// is full, or when the first packet in it has waited for some time; we hand it
// back when its last packet has been used.
type ring struct {
	mem  []byte
	size int    // of a block
	at   int    // where the block being read begins, or the one that comes next
	held bool   // it is ours
	left uint32 // packets in it that were not given yet
	next int    // where the next of them begins

	given uint64 // packets so far
}

const (
	// blockSize holds the largest packet that segmentation offload makes, 64 KiB
	// and headers, and is a power of two, which is what the kernel allocates.
	blockSize = 128 << 10
	// retireTime is how long a packet waits in a block that is not full.
	retireTime = 20 * time.Millisecond
	// With a short time blocks are handed over nearly empty, so there must be
	// more of them for the same time to be slept through.
	immediateTime   = 2 * time.Millisecond
	immediateBlocks = 64
)

// newRing gives fd, a socket on the interface called name, a ring of about bytes
// bytes.
func newRing(name string, fd, bytes int, immediate bool) (*ring, error) {
	blocks, retire := max(bytes/blockSize, 2), retireTime
	if immediate {
		blocks, retire = max(blocks, immediateBlocks), immediateTime
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return nil, failed(name, "PACKET_VERSION", err)
	}
	for ; ; blocks /= 2 {
		req := unix.TpacketReq3{
			Block_size:     blockSize,
			Block_nr:       uint32(blocks),
			Frame_size:     blockSize,
			Frame_nr:       uint32(blocks),
			Retire_blk_tov: uint32(retire / time.Millisecond),
		}
		err := unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &req)
		if errors.Is(err, unix.ENOMEM) && blocks > 2 {
			continue // as libpcap does
		}
		if err != nil {
			return nil, failed(name, "PACKET_RX_RING", err)
		}
		break
	}
	mem, err := unix.Mmap(fd, 0, blocks*blockSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, failed(name, "mmap", err)
	}
	return &ring{mem: mem, size: blockSize}, nil
}

// header is the header of the block that is, or will be, read.
func (r *ring) header() *unix.TpacketHdrV1 {
	const at = unsafe.Offsetof(unix.TpacketBlockDesc{}.Hdr)
	return (*unix.TpacketHdrV1)(unsafe.Pointer(&r.mem[r.at+int(at)]))
}

// ready reports whether the next block has been handed over.
func (r *ring) ready() bool {
	return atomic.LoadUint32(&r.header().Block_status)&unix.TP_STATUS_USER != 0
}

// open begins to read a block that is ready.
func (r *ring) open() {
	h := r.header()
	r.held = true
	r.left = h.Num_pkts
	r.next = r.at + int(h.Offset_to_first_pkt)
}

// release hands a block back whose packets have all been used.
func (r *ring) release() {
	if !r.held {
		return
	}
	atomic.StoreUint32(&r.header().Block_status, unix.TP_STATUS_KERNEL)
	r.held = false
	if r.at += r.size; r.at == len(r.mem) {
		r.at = 0
	}
}

// A frame is one packet in the ring, and what the kernel says of it.
type frame struct {
	*unix.Tpacket3Hdr
	from  *unix.RawSockaddrLinklayer
	start int // where the packet begins in the ring's memory
}

// frame takes the next packet; left must not be 0.
func (r *ring) frame() frame {
	h := (*unix.Tpacket3Hdr)(unsafe.Pointer(&r.mem[r.next]))
	from := (*unix.RawSockaddrLinklayer)(unsafe.Pointer(&r.mem[r.next+frameAddr]))
	f := frame{h, from, r.next + int(h.Mac)}
	r.next += int(h.Next_offset)
	r.left--
	r.given++
	return f
}

// frameAddr is where a packet's address lies: behind its header, aligned
// (TPACKET_ALIGN).
const frameAddr = (unix.SizeofTpacket3Hdr + 15) &^ 15

func (r *ring) unmap() {
	if r.mem != nil {
		unix.Munmap(r.mem)
		r.mem = nil
	}
}
