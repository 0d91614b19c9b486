package main

import (
	"bufio"
	"encoding/binary"
	"os"
	"strings"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// segment appends an Ethernet frame with one TCP segment over IPv4 between two
// ports of 127.0.0.1; the checksums are as loopback leaves them: not made.
func segment(b []byte, from, to uint16, seq, ack uint32, flags tcp.Flags, payload []byte) []byte {
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(20+32+len(payload)))
	b = append(b, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1)
	b = binary.BigEndian.AppendUint16(b, from)
	b = binary.BigEndian.AppendUint16(b, to)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	b = append(b, 0x80, byte(flags), 1, 0, 0xfe, 0x28, 0, 0, 1, 1, 8, 10)
	b = binary.BigEndian.AppendUint32(b, seq/100)
	b = binary.BigEndian.AppendUint32(b, ack/100)
	return append(b, payload...)
}

// file writes n packets, one a microsecond, that make gives.
func file(name string, n int, make func(i int, b []byte) []byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	buffered := bufio.NewWriterSize(f, 1<<20)
	w, err := capture.NewWriter(buffered, capture.FileHeader{LinkType: capture.Ethernet})
	if err != nil {
		return err
	}
	start := time.Unix(1407837000, 0)
	var b []byte
	for i := range n {
		b = make(i, b[:0])
		p := capture.Packet{Time: start.Add(time.Duration(i) * time.Microsecond), LinkType: capture.Ethernet, Length: len(b), Data: b}
		if err := w.Write(&p); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return buffered.Flush()
}

// chatter writes n packets of 82 bytes on average: of fifty conversations, half
// of them with 32 bytes of data and half acknowledgements.
func chatter(name string, n int) error {
	const conversations = 50
	var seq [conversations]uint32
	data := []byte("32 bytes of what people may say.")
	return file(name, n, func(i int, b []byte) []byte {
		c := i / 2 % conversations
		port := uint16(40000 + c)
		if i%2 == 0 {
			at := seq[c]
			seq[c] += uint32(len(data))
			return segment(b, port, 7272, 1+at, 1, tcp.PSH|tcp.ACK, data)
		}
		return segment(b, 7272, port, 1, 1+seq[c], tcp.ACK, nil)
	})
}

// frames writes n masked text frames of one conversation, one a packet.
func frames(name string, n int) error {
	seq := uint32(1)
	var f []byte
	text := []byte(strings.Repeat("hi,  all ! ", 10))
	request := []byte("GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	response := []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	head := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true}
	return file(name, n+5, func(i int, b []byte) []byte {
		switch i {
		case 0:
			return segment(b, 50000, 7272, 0, 0, tcp.SYN, nil)
		case 1:
			return segment(b, 7272, 50000, 0, 1, tcp.SYN|tcp.ACK, nil)
		case 2:
			return segment(b, 50000, 7272, 1, 1, tcp.ACK, nil)
		case 3:
			seq += uint32(len(request))
			return segment(b, 50000, 7272, 1, 1, tcp.PSH|tcp.ACK, request)
		case 4:
			return segment(b, 7272, 50000, 1, seq, tcp.PSH|tcp.ACK, response)
		}
		binary.BigEndian.PutUint32(head.Key[:], uint32(i)*2654435761)
		f = dissect.AppendFrame(f[:0], head, text)
		at := seq
		seq += uint32(len(f))
		return segment(b, 50000, 7272, at, 1+uint32(len(response)), tcp.PSH|tcp.ACK, f)
	})
}
