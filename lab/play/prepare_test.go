package play

import "testing"

func TestConnections(t *testing.T) {
	all := connections()
	if len(all) != 2 {
		t.Fatalf("%d connections", len(all))
	}
	c := all[1]
	if c.From != 60653 || c.To != 7272 || c.ISNFrom != 3524290970 || c.ISNTo != 692696454 {
		t.Errorf("the newcomer's is %+v", c)
	}
	// To the last documented bytes: 3524291782 and 692696902.
	var from, to int
	for _, size := range c.Sizes {
		from, to = from+max(size, 0), to+max(-size, 0)
	}
	if from != 3524291782-3524290971 || to != 692696902-692696455 || c.Sizes[0] != 715 {
		t.Errorf("the newcomer's sizes are %v", c.Sizes)
	}
	if c := all[0]; c.From != 60584 || c.ISNFrom == 0 || c.ISNTo == 0 || len(c.Sizes) < 4 {
		t.Errorf("the earlier browser's is %+v", c)
	}
}
