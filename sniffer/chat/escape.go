package chat

import "strings"

// unescaped are the entities that PHP's htmlspecialchars writes, and the tag that
// its nl2br puts before a line break. Neither can come of the other: a < that was
// typed is an entity.
var unescaped = strings.NewReplacer(
	"&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#039;", "'", "&#39;", "'",
	"<br />\n", "\n", "<br />\r", "\r",
)

// Unescape gives a name or a content that a server wrote as it was typed. The
// PHP original escapes the name in its login event twice: undo it twice.
func Unescape(s string) string { return unescaped.Replace(s) }
