package class

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/capture"
)

// BenchmarkGradeDir grades two hundred captures: each of one's own, all one file, all a
// copy of somebody's who did their task, and each of all that the class did.
func BenchmarkGradeDir(b *testing.B) {
	const students = 200
	id := func(i int) string { return fmt.Sprintf("s%03d", i) }
	room := checktest.New(b)
	room.Jitter = 5
	for i := range students {
		task := Assign(secret, id(i))
		room.Play(checktest.Cast{Today: true, Nick: task.Nick, Message: task.Message, Port: uint16(40000 + i), Alone: true})
	}
	one, nobodys := captured(b, Assign(secret, id(7)), 7), captured(b, Task{Nick: "x", Message: "y"}, 8)
	for _, bench := range []struct {
		name string
		file func(i int) []capture.Packet
	}{
		{"own", func(i int) []capture.Packet { return captured(b, Assign(secret, id(i)), i) }},
		{"copies", func(i int) []capture.Packet { return one[i%3:] }},
		{"nobodys", func(i int) []capture.Packet { return nobodys[i%5:] }},
		{"room", func(i int) []capture.Packet { return room.Packets[i%40:] }},
		{"idle", func(i int) []capture.Packet { return room.Packets[i%40 : len(room.Packets)/2] }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			dir := b.TempDir()
			for i := range students {
				write(b, filepath.Join(dir, id(i)+".pcap"), bench.file(i))
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := GradeDir(context.Background(), secret, dir, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
