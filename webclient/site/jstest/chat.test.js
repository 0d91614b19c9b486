import assert from "node:assert/strict";
import { test } from "node:test";

import "./document.js";
import { hue, initial } from "../assets/js/chat/colour.js";
import { linked } from "../assets/js/chat/links.js";
import { Outbox } from "../assets/js/chat/outbox.js";

test("only http and https become links, without a sentence's end", () => {
  const links = (text) => linked(text).filter((n) => n.tag === "a").map((n) => n.attributes.href);
  assert.deepEqual(links("see https://example.org/a?b=c, and (http://example.org/x_(y))."), ["https://example.org/a?b=c", "http://example.org/x_(y)"]);
  assert.deepEqual(links("javascript:alert(1) data:text/html,x ftp://example.org file:///etc http:// https://"), []);
  assert.deepEqual(links("看https://example.org/。好"), ["https://example.org/"]);
  const words = (text) => linked(text).map((n) => n.tag ? n.children.join("") : n).join("");
  for (const text of ["", "no link", "a https://example.org/.", "<b>http://example.org/</b>"]) assert.equal(words(text), text);
});

test("a link cannot reach the page that it was opened from", () => {
  assert.match(linked("http://example.org/")[0].attributes.rel, /noopener/);
});

test("an echo confirms what was sent first", () => {
  const outbox = new Outbox();
  outbox.sent.push({ to: "all", text: "a\nb" }, { to: "all", text: "c" }, { to: "7", text: "c" });
  assert.equal(outbox.heard("all", "x"), undefined);
  assert.equal(outbox.heard("all", "a\r\nb ").text, "a\nb");
  assert.equal(outbox.heard("7", "c").to, "7");
  assert.deepEqual(outbox.broken(), [{ to: "all", text: "c" }]);
  assert.deepEqual(outbox.broken(), []);
});

test("a colour is the name's own, one of eighteen", () => {
  assert.equal(hue("mynick"), hue("mynick"));
  for (const name of ["", "a", "猪猪", "👩‍🔬"]) assert.ok(hue(name) % 20 === 0 && hue(name) < 360);
  assert.deepEqual([initial("anna"), initial(" 猪猪"), initial("👩‍🔬x"), initial("")], ["A", "猪", "👩‍🔬", "?"]);
});
