package class

import (
	"fmt"
	"regexp"
	"testing"
)

func TestToken(t *testing.T) {
	seen := map[string]bool{}
	for i := range 5000 {
		token := Token(secret, fmt.Sprintf("s%d", i))
		if seen[token] || !regexp.MustCompile(`^[a-z2-7]{16}$`).MatchString(token) {
			t.Fatalf("got %s", token)
		}
		seen[token] = true
	}
	if Token(secret, "Zoé") != Token(secret, " ZOE\u0301") || Token(secret, "ann") == Token(secret+"!", "ann") {
		t.Error("the student's spelling matters, or the secret does not")
	}
	// Slips that are printed must stay true.
	if got := Token("S", "alice"); got != "vqwdisv7tfkyzf75" {
		t.Errorf("got %s", got)
	}
}
