package spelling

import "testing"

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"port", "port", 0}, {"", "port", 4}, {"port", "", 4},
		{"prt", "port", 1}, {"poort", "port", 1}, {"pxrt", "port", 1}, {"prot", "port", 1},
		{"kitten", "sitting", 3}, {"ca", "abc", 3}, {"opr", "port", 2}, {"确认请求", "确认要求", 1},
	} {
		if got := Distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %q: got %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
