package play

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"testing"
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
)

var search = flag.Bool("search", false, "search anew for the seeds of the documented numbers: half an hour")

// What a stack computes of its numbers: gVisor's generateSecureISN in
// transport/tcp/connect.go, and tsOffset in transport/tcp/protocol.go. hash is the
// first 32 bits, little endian, of SHA-256(secret ‖ what).
func hash(secret uint64, what []byte) uint32 {
	b := make([]byte, 16, 32)
	binary.BigEndian.PutUint64(b[8:], secret)
	sum := sha256.Sum256(append(b, what...))
	return binary.LittleEndian.Uint32(sum[:])
}

// loopbacks are the two addresses of every connection: a stack's own, and the other's.
var loopbacks = []byte{127, 0, 0, 1, 127, 0, 0, 1}

// tuple is a connection as a stack hashes it for an initial sequence number.
func tuple(local, remote uint16) []byte {
	b := append([]byte{}, loopbacks...)
	return binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, local), remote)
}

// isn is the initial sequence number that a stack gives at a time of its clock.
func isn(secret uint64, local, remote uint16, clock time.Duration) uint32 {
	return hash(secret, tuple(local, remote)) + ticks(clock)
}

// ticks are those that are added to the hash: of 64 ns.
func ticks(clock time.Duration) uint32 { return uint32(clock >> 6) }

// timestamp is the TS value that a stack sends at a time of its clock.
func timestamp(secret uint64, clock time.Duration) uint32 {
	return hash(secret, loopbacks) + uint32(clock/time.Millisecond)
}

// connection gives the documented segments of a client's connection.
func connection(port uint16) (segments []scenario.Segment) {
	for _, s := range scenario.Documented() {
		if s.From == port || s.To == port {
			segments = append(segments, s)
		}
	}
	return segments
}

// since is how far a stack's clock has gone since the connection's SYN.
func since(segments []scenario.Segment, i int) time.Duration {
	return segments[i].Time.Sub(segments[0].Time) / tickMilliseconds
}

// The seeds give the initial sequence numbers and each timestamp of 2014.
func TestSeeds(t *testing.T) {
	for _, port := range []uint16{scenario.EarlierPort, scenario.NewcomerPort} {
		check(t, port, seeds[port])
	}
}

func check(t *testing.T, port uint16, seed stage.Seed) {
	t.Helper()
	segments := connection(port)
	for i, s := range segments[:2] {
		if got := isn(seed.Sequence, s.From, s.To, seed.Clock+since(segments, i)); got != s.Seq {
			t.Errorf("%d: packet %d begins at %d, want %d", port, i+1, got, s.Seq)
		}
	}
	for i, s := range segments {
		if got := timestamp(seed.Timestamp, seed.Clock+since(segments, i)); got != s.TSVal {
			t.Errorf("%d: packet %d has the timestamp %d, want %d", port, i+1, got, s.TSVal)
		}
	}
}

func TestSearchSeeds(t *testing.T) {
	if !*search {
		t.Skip("only with -search -timeout 0")
	}
	offsets := timestampSecrets()
	for _, port := range []uint16{scenario.EarlierPort, scenario.NewcomerPort} {
		t.Run(fmt.Sprint(port), func(t *testing.T) {
			t.Parallel()
			seed := find(connection(port), offsets, 0)
			t.Logf("%d: %+v", port, seed)
			check(t, port, seed)
		})
	}
}

// find tries one secret after the other, from first on.
//
// Two numbers are wanted of one secret: hash(SYN) + ticks = the client's, and
// hash(SYN-ACK) + ticks + gap = the server's, where the gap is how many ticks lie
// between the two packets. The first only tells what the clock shows; that the second
// fits comes about once in two thousand million secrets. A tick is 64 ns and there are
// 2^32, so the clock may show any of the times that are 2^38 ns apart. Of them one is
// taken whose milliseconds, with the offset that some other secret gives, are the
// documented timestamp.
func find(segments []scenario.Segment, offsets map[uint32]uint64, first uint64) stage.Seed {
	syn, synack := segments[0], segments[1]
	client, server := tuple(syn.From, syn.To), tuple(synack.From, synack.To)
	low, high := phases(segments)
	for secret := first; ; secret++ {
		begin := syn.Seq - hash(secret, client)
		gap := synack.Seq - hash(secret, server) - begin
		rest, ok := within(gap, since(segments, 1))
		if !ok {
			continue
		}
		for clock := time.Duration(begin)<<6 + rest; clock < 1<<58; clock += 1 << 38 {
			if phase := clock % time.Millisecond; phase < low || phase >= high {
				continue
			}
			if ts, ok := offsets[syn.TSVal-uint32(clock/time.Millisecond)]; ok {
				return stage.Seed{Sequence: secret, Timestamp: ts, Clock: clock}
			}
		}
	}
}

// within gives where in a tick the clock must be for so many ticks to lie within d,
// if there is such a place.
func within(gap uint32, d time.Duration) (rest time.Duration, ok bool) {
	for rest = range 64 {
		if ticks(rest+d) == gap {
			return rest, true
		}
	}
	return 0, false
}

// phases gives where in a millisecond a stack's clock must be at the SYN for its later
// timestamps to change when those of 2014 did: in [low, high).
func phases(segments []scenario.Segment) (low, high time.Duration) {
	high = time.Millisecond
	for i, s := range segments {
		change := time.Duration(s.TSVal-segments[0].TSVal)*time.Millisecond - since(segments, i)
		low, high = max(low, change), min(high, change+time.Millisecond)
	}
	return low, high
}

// timestampSecrets gives secrets by the offset that they give.
func timestampSecrets() map[uint32]uint64 {
	const many = 4_000_000 // so that one in a thousand times fits
	offsets := make(map[uint32]uint64, many)
	for secret := range uint64(many) {
		if offset := hash(secret, loopbacks); offsets[offset] == 0 {
			offsets[offset] = secret
		}
	}
	return offsets
}
