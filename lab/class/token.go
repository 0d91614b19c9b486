package class

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
)

// Token gives what a student's link carries, and by which a lesson with the same
// secret knows whose it is: 16 letters and digits (RFC 4648 §6, in lower case) for
// 80 bits that nobody guesses. It says nothing about the secret, the student's task
// or another's token.
func Token(secret, id string) string { return lower32.EncodeToString(keyed(secret, "link", id)[:10]) }

var lower32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// keyed gives 32 bytes that depend on the secret, on what they are for and on the
// student (HMAC-SHA256, RFC 2104).
func keyed(secret, purpose, id string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("chatlab " + purpose + "\x00" + Fold(id)))
	return mac.Sum(nil)
}
