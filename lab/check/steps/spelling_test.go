package steps

import "testing"

func TestMisspelt(t *testing.T) {
	for _, tt := range []struct {
		want, got string
		misspelt  bool
	}{
		{"mynick", "mynick", true}, {"mynick", "MyNik", true}, {"mynick", "nick", false}, {"mynick", "", false}, {"", "", false},
		{"猪猪", "猪", false}, {"hi,  all !", "hi，all！", true}, {"hi,  all !", "hello", false}, {"silent-rabbit-69", "silent-rabit-96", true},
		{"silent-rabbit-69", "silent-raven-96", false},
	} {
		if misspelt(tt.want, tt.got) != tt.misspelt {
			t.Errorf("%q for %q: want %v", tt.got, tt.want, tt.misspelt)
		}
	}
}
