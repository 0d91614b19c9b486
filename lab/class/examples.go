package class

import "encoding/base64"

// What stands in specifications, encyclopaedias and tutorials, scripts are written
// from: that two captures have it proves nothing.

// exampleKeys are well-known values of Sec-WebSocket-Key, with where they are from.
// Those of sixteen equal or counted bytes are constants of test programs.
var exampleKeys = map[string]string{
	"dGhlIHNhbXBsZSBub25jZQ==": "RFC 6455 §1.3, “the sample nonce”; MDN, Sec-WebSocket-Key and Writing WebSocket servers",
	"AQIDBAUGBwgJCgsMDQ4PEC==": "RFC 6455 §4.1, the bytes 1 to 16",
	"AQIDBAUGBwgJCgsMDQ4PEA==": "the same, as Base64 should be (RFC 4648 §3.5)",
	"x3JJHMbDL1EzLkh9GBhXDw==": "Wikipedia, WebSocket",
	"Iv8io/9s+lYFgZWcXczP8Q==": "javascript.info, WebSocket",
	"sN9cRrP/n9NdMgdcy2VJFQ==": "Chinese tutorials, with Host: example.com",
	"w4v7O6xFTi36lq3RNcgctw==": "Chinese tutorials, with Origin: http://127.0.0.1:3000",
	"xqBt3ImNzJbYqRINxEFlkg==": "Chinese tutorials, with Origin: http://localhost:8080",
	"E4WSEcseoWr4csPLS2QJHA==": "Japanese tutorials",
	"wDqumtseNBJdhkihL6PW7w==": "PortSwigger Web Security Academy, WebSockets",
	"q4xkcO32u266gldTuKaSOw==": "tutorials in German, English and Korean",
	"SGVsbG8sIHdvcmxkIQ==":     "“Hello, world!”, of recipes for curl",
	"MDEyMzQ1Njc4OWFiY2RlZg==": "“0123456789abcdef”",
	"MTIzNDU2Nzg5MDEyMzQ1Ng==": "“1234567890123456”",
}

// exampleMasks are well-known masking keys.
var exampleMasks = map[[4]byte]string{
	{0x37, 0xfa, 0x21, 0x3d}: "RFC 6455 §5.7",
	{0x3d, 0x54, 0x23, 0x06}: "MDN, Writing a WebSocket server in Java, of a frame that says “MDN”",
	{1, 2, 3, 4}:             "MDN, Writing WebSocket servers",
	{0x12, 0x34, 0x56, 0x78}: "programs’ constant",
	{0, 1, 2, 3}:             "programs’ constant",
}

// isExampleKey tells whether a Sec-WebSocket-Key is an example, or one byte again and
// again.
func isExampleKey(key string) bool {
	if _, ok := exampleKeys[key]; ok {
		return true
	}
	b, err := base64.StdEncoding.DecodeString(key)
	return err == nil && equalBytes(b)
}

// isExampleMask tells whether a masking key is an example, or one byte again and again,
// as 0, which leaves the payload readable.
func isExampleMask(key [4]byte) bool {
	_, ok := exampleMasks[key]
	return ok || equalBytes(key[:])
}

func equalBytes(b []byte) bool {
	for i := range b {
		if b[i] != b[0] {
			return false
		}
	}
	return true
}
