// The server sends text as PHP's htmlspecialchars and nl2br write it, and private
// messages with a prefix in <b>…</b>. Here it becomes plain text again, in one
// pass, so that "&amp;lt;" is "&lt;" and nothing is ever decoded twice. What
// comes out is shown as text, never as markup.

const entities = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#039;": "'", "&#39;": "'" };

export function decode(escaped) {
  return String(escaped ?? "").replace(/&(?:amp|lt|gt|quot|#0?39);/g, (e) => entities[e]);
}

// decodeContent reads a message: nl2br has put <br /> before each line break.
export function decodeContent(escaped) {
  return decode(String(escaped ?? "").replace(/<br \/>(\r\n|\n\r|\n|\r)/g, "\n"));
}

// withoutPrefix cuts the <b>…</b> at the start of a private message. A member's
// own < and > are escaped, so the first </b> is the server's.
export function withoutPrefix(escaped) {
  return String(escaped ?? "").replace(/^<b>[^<]*<\/b>/, "");
}
