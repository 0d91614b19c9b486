package dissect

import "testing"

// A window is scaled where both SYNs offered it (RFC 7323 §2.2), and nothing is
// claimed of what was not captured.
func TestScaling(t *testing.T) {
	scale := func(shift byte) []byte { return []byte{2, 4, 0x40, 0x0c, 1, 3, 3, shift} }
	none := []byte{2, 4, 0x40, 0x0c}
	for _, tt := range []struct {
		name        string
		syn, synack []byte // nil: not captured
		client      Scaling
		clientShift uint8
		server      Scaling
		serverShift uint8
	}{
		{"both", scale(7), scale(2), Scaled, 7, Scaled, 2},
		{"shift too large", scale(99), scale(0), Scaled, 14, Scaled, 0},
		{"client alone", scale(7), none, Unscaled, 0, Unscaled, 0},
		{"server alone", none, scale(7), Unscaled, 0, Unscaled, 0},
		{"neither", none, none, Unscaled, 0, Unscaled, 0},
		{"no SYN+ACK captured", scale(7), nil, ScaleUnknown, 0, ScaleUnknown, 0},
		{"no SYN+ACK captured, none offered", none, nil, Unscaled, 0, Unscaled, 0},
		{"no SYN captured", nil, scale(2), ScaleUnknown, 0, Scaled, 2},
		{"no SYN captured, none granted", nil, none, Unscaled, 0, Unscaled, 0},
		{"nothing captured", nil, nil, ScaleUnknown, 0, ScaleUnknown, 0},
		{"broken options", []byte{3, 3}, scale(2), Unscaled, 0, Unscaled, 0},
	} {
		var c Conversation
		if tt.syn != nil {
			c.scales.note(Client, tt.syn)
		}
		if tt.synack != nil {
			c.scales.note(Server, tt.synack)
		}
		if how, shift := c.Scaling(Client); how != tt.client || shift != tt.clientShift {
			t.Errorf("%s: the client's windows: %d, shift %d", tt.name, how, shift)
		}
		if how, shift := c.Scaling(Server); how != tt.server || shift != tt.serverShift {
			t.Errorf("%s: the server's windows: %d, shift %d", tt.name, how, shift)
		}
	}
}
