package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
)

// bareConn is a member of the bare fan-out: a queue, and a goroutine that writes all
// of it at once.
type bareConn struct {
	conn net.Conn
	mu   sync.Mutex
	wake sync.Cond
	out  []byte
	done bool
}

func (c *bareConn) write() {
	var spare []byte
	for {
		c.mu.Lock()
		for len(c.out) == 0 && !c.done {
			c.wake.Wait()
		}
		b := c.out
		c.out = spare[:0]
		done := c.done
		c.mu.Unlock()
		if done {
			return
		}
		if _, err := c.conn.Write(b); err != nil {
			return
		}
		spare = b
	}
}

func (c *bareConn) send(frame []byte) {
	c.mu.Lock()
	c.out = append(c.out, frame...)
	c.mu.Unlock()
	c.wake.Signal()
}

type bare struct {
	mu      sync.Mutex
	members []*bareConn
}

// serveBare is what is left without a WebSocket library, and without JSON: a
// client's frame is unmasked where it lies, its content is put between two fixed
// texts, and the frame, as long as the chat's, is appended to every member's
// bytes.
func serveBare(ln net.Listener) error {
	var b bare
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go b.serve(conn)
	}
}

func (b *bare) serve(conn net.Conn) {
	defer conn.Close()
	br := bufio.NewReaderSize(conn, 4096)
	if _, err := http.ReadRequest(br); err != nil {
		return
	}
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Connection: Upgrade\r\nSec-WebSocket-Accept: nSsCeIBUsFnDJCRb/BNlFzBUDpM=\r\n\r\n")
	c := &bareConn{conn: conn}
	c.wake.L = &c.mu
	go c.write()
	defer b.remove(c)

	content := []byte(`"content":"`)
	var id string
	var frame, payload []byte
	for {
		var err error
		if payload, err = readFrame(br, payload[:0]); err != nil {
			return
		}
		b.mu.Lock()
		at := bytes.Index(payload, content)
		if at < 0 { // a login
			b.members = append(b.members, c)
			id = fmt.Sprintf("7f00000108fc%08x", len(b.members))
			frame = text(frame[:0], `{"type":"login","client_id":"`, id, `"}`)
			c.send(frame)
		} else {
			frame = text(frame[:0], `{"type":"say","from_client_id":"`, id,
				`","from_client_name":"member0001","to_client_id":"all","content":"`,
				string(payload[at+len(content):len(payload)-2]), `","time":"2026-11-23 10:41:59"}`)
			for _, m := range b.members {
				m.send(frame)
			}
		}
		b.mu.Unlock()
	}
}

func (b *bare) remove(c *bareConn) {
	b.mu.Lock()
	if i := slices.Index(b.members, c); i >= 0 {
		b.members = slices.Delete(b.members, i, i+1)
	}
	b.mu.Unlock()
	c.mu.Lock()
	c.done = true
	c.mu.Unlock()
	c.wake.Signal()
}

// readFrame reads the next frame, which is masked and fits into br (RFC 6455 §5.2), and
// returns its payload in buf, which is empty.
func readFrame(br *bufio.Reader, buf []byte) ([]byte, error) {
	head, err := br.Peek(6)
	if err != nil {
		return nil, err
	}
	size, n := 6, int(head[1]&0x7f)
	if n == 126 {
		size = 8
		if head, err = br.Peek(size); err != nil {
			return nil, err
		}
		n = int(binary.BigEndian.Uint16(head[2:]))
	}
	frame, err := br.Peek(size + n)
	if err != nil {
		return nil, err
	}
	key := frame[size-4 : size]
	payload := append(buf, frame[size:]...)
	for i := range payload {
		payload[i] ^= key[i&3]
	}
	_, err = br.Discard(size + n)
	return payload, err
}

func text(b []byte, parts ...string) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n < 126 {
		b = append(b, 0x81, byte(n))
	} else {
		b = append(b, 0x81, 126, byte(n>>8), byte(n))
	}
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
