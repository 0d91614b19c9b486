import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, decodeContent, withoutPrefix } from "../assets/js/net/phptext.js";

test("entities are undone in one pass", () => {
  for (const [escaped, plain] of [
    ["a &amp; b", "a & b"],
    ["&lt;script&gt;", "<script>"],
    ["&quot;&#039;&#39;", "\"''"],
    ["&amp;lt;", "&lt;"],
    ["&amp;amp;amp;", "&amp;amp;"],
    ["&nbsp;&#x27;&copy;", "&nbsp;&#x27;&copy;"], // none that htmlspecialchars writes
    [undefined, ""],
    [null, ""],
    [12, "12"],
  ]) assert.equal(decode(escaped), plain);
});

test("a line break is one, however nl2br wrote it", () => {
  for (const end of ["\r\n", "\n\r", "\n", "\r"]) assert.equal(decodeContent(`a<br />${end}b`), "a\nb");
  assert.equal(decodeContent("&lt;br /&gt;"), "<br />");
  assert.equal(decodeContent("a<br />b"), "a<br />b"); // no line break behind it: somebody's own
});

test("only the server's prefix of a private message goes", () => {
  assert.equal(withoutPrefix("<b>对你说: </b>hi &lt;/b&gt;"), "hi &lt;/b&gt;");
  assert.equal(withoutPrefix("hi <b>x</b>"), "hi <b>x</b>");
  assert.equal(withoutPrefix(undefined), "");
});
