package class

import (
	"net/netip"
	"slices"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
)

// What a script sends again and again, and what everybody can have from the lab,
// makes nobody a copy; what two captures alone have in common does.
func TestConstantsProveNothing(t *testing.T) {
	client, other := netip.MustParseAddrPort("127.0.0.1:40000"), netip.MustParseAddrPort("127.0.0.1:40001")
	for _, tt := range []struct {
		name  string
		f     fingerprint
		kinds []Likeness
	}{
		{"keys of one's own", fingerprint{keys: map[netip.AddrPort]string{client: "a", other: "b"}, masks: map[netip.AddrPort][][4]byte{client: {{1}, {2}}}}, []Likeness{SameKey, SameMasks, SamePorts}},
		{"the same key again", fingerprint{keys: map[netip.AddrPort]string{client: "a", other: "a"}}, []Likeness{SamePorts}},
		{"the same masking key again", fingerprint{masks: map[netip.AddrPort][][4]byte{client: {{1}, {1}, {1}}}}, []Likeness{SamePorts}},
	} {
		var kinds []Likeness
		for _, s := range tt.f.signs(client) {
			kinds = append(kinds, s.kind)
		}
		if !slices.Equal(kinds, tt.kinds) {
			t.Errorf("%s: %v, want %v", tt.name, kinds, tt.kinds)
		}
	}
}

// The documented packets count for nobody, whatever stands beside them.
func TestDocumentedPacketsAreNobodys(t *testing.T) {
	files := map[string][]capture.Packet{}
	for i, id := range []string{"ann", "ben"} {
		documented, err := scenario.Packets(true)
		if err != nil {
			t.Fatal(err)
		}
		s := checktest.New(t)
		s.Jitter = uint64(i + 1)
		s.ID = uint16(700 * (i + 1))
		s.Conn(uint16(41000 + i)).Open()
		for j := range documented { // as Ethernet frames, as the scene's are
			p := &documented[j]
			p.LinkType, p.Data = capture.Ethernet, append([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00"), p.Data[16:]...)
			p.Length = len(p.Data)
		}
		files[id] = append(documented, s.Packets...)
	}
	for student, grade := range graded(t, files) {
		if len(grade.Alike) > 0 {
			t.Errorf("%s is like %v", student, grade.Alike)
		}
	}
}
