import assert from "node:assert/strict";
import { test } from "node:test";

import { texts } from "./document.js";
import { leave } from "../assets/js/desk/leave.js";
import { secretOf } from "../assets/js/net/secret.js";

texts({});
document.getElementById = () => document.createElement("div");
const { plain } = await import("../assets/js/desk/who.js");
const { ranges } = await import("../assets/js/desk/verdict.js");

test("a secret is taken out of the address, and nothing else", () => {
  for (const [href, name, secret, left] of [
    ["http://h:1/?token=a%2Bb", "token", "a+b", "http://h:1/"],
    ["http://h:1/p/?room_id=2&token=x&dialect=2014#m", "token", "x", "http://h:1/p/?room_id=2&dialect=2014#m"],
    ["http://h:1/class#key=K", "key", "K", "http://h:1/class"],
    ["http://h:1/class?view=projector#key=K", "key", "K", "http://h:1/class?view=projector"],
  ]) {
    let shown = href;
    assert.equal(secretOf({ href }, { replaceState: (state, title, url) => (shown = url) }, name), secret);
    assert.equal(shown, left);
  }
  const history = { replaceState: () => assert.fail("there is none") };
  assert.equal(secretOf({ href: "http://h:1/?room_id=2#a" }, history, "token"), "");
});

test("a round that is over is left once", () => {
  const kept = new Map();
  const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
  let loads = 0;
  const load = () => loads++;
  assert.equal(leave("a-1", storage, load), true);
  assert.equal(leave("a-1", storage, load), false);
  assert.equal(leave("a-2", storage, load), true);
  assert.equal(loads, 2);
  const forbidden = { getItem: () => { throw new Error("forbidden"); } };
  assert.equal(leave("a-1", forbidden, load), false);
  assert.equal(loads, 2);
});

test("a name is found without its accents and its case", () => {
  assert.ok(plain("Zoé Müller").includes(plain("zoe mu")));
  assert.equal(plain("Zoe\u0301"), plain("ZOÉ"));
  assert.ok(plain("李小明").includes(plain("小")));
});

test("packets that follow each other are one range", () => {
  assert.equal(ranges([16, 17, 18, 20, 22, 23]), "16–18, 20, 22–23");
  assert.equal(ranges([]), "");
});
