import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { texts } from "./document.js";

texts(JSON.parse(readFileSync(new URL("../texts/en.json", import.meta.url))));
const { ready } = await import("../assets/js/texts.js");
const { arrange } = await import("../assets/js/class/arrange.js");
const { ago, counts, duration, keyOf, view } = await import("../assets/js/class/view.js");
await ready;

// parent has children in an order, as much as arrange asks of it, and counts who is moved.
function parent(names) {
  const p = { children: [], moved: [] };
  const child = (name) => ({ name, get nextSibling() { return p.children[p.children.indexOf(this) + 1] ?? null; } });
  p.children = [...names].map(child);
  p.insertBefore = (e, next) => {
    p.moved.push(e.name);
    p.children.splice(p.children.indexOf(e), 1);
    p.children.splice(next ? p.children.indexOf(next) : p.children.length, 0, e);
  };
  return p;
}

test("rows are brought into any order around the one that is held", () => {
  const orders = (names) => names.length < 2 ? [names] : [...names].flatMap((n) => orders(names.replace(n, "")).map((rest) => n + rest));
  for (const wanted of orders("abcd")) {
    for (const held of ["", ..."abcd"]) {
      const p = parent("abcd");
      const find = (name) => p.children.find((c) => c.name === name);
      arrange(p, [...wanted].map(find), find(held) ?? null);
      assert.equal(p.children.map((c) => c.name).join(""), wanted, `${held} held`);
      assert.ok(!p.moved.includes(held), `${held} is moved for ${wanted}`);
    }
  }
  const p = parent("abcd");
  arrange(p, [...p.children], null);
  assert.deepEqual(p.moved, [], "what is in order stays");
});

const row = {
  seat: 17, id: "zoe", name: "mynick", task: { nick: "mynick", message: "hi" }, page: true, connected: true,
  steps: [{ id: "tcp-handshake", status: "found" }, { id: "upgrade", status: "different" }], heard: 3, handed: null, seen: 95, step: "upgrade", stuck: 0, muted: false,
};

test("what is shown of a row", () => {
  const shown = (change) => view({ ...row, ...change }, 100);
  assert.equal(shown({}).presence, "connected");
  assert.equal(shown({ connected: false }).presence, "page");
  assert.equal(shown({ connected: false, page: false }).presence, "absent");
  assert.equal(shown({ id: "" }).id, "mynick");
  assert.equal(shown({ id: "", name: "" }).id, "guest 17");
  assert.equal(shown({ stuck: 59 }).stuck, "");
  assert.equal(shown({ stuck: 150 }).stuck, "2 min");
  assert.equal(shown({ stuck: 150, connected: false, page: false }).stuck, "", "who is gone is not stuck");
  assert.equal(shown({ name: "Mynick", step: "login" }).wrong, true);
  assert.equal(shown({ name: "Mynick" }).wrong, false, "who has not come to the login has no wrong name yet");
  assert.equal(shown({ steps: [] }).steps.length, 7);
  assert.equal(shown({ seen: 0, seat: 0 }).seen, "–");
  const all = shown({ steps: shown({ steps: [] }).steps.map((s) => ({ ...s, status: "found" })), step: "" });
  assert.equal(all.done, true);
  assert.deepEqual(counts([all, shown({}), shown({ stuck: 90 }), shown({ page: false, connected: false, handed: { files: 2, found: 6, of: 7 } })]),
    { of: 4, here: 3, done: 1, stuck: 1, handed: 1, steps: all.steps.map(({ id }, i) => ({ id, n: i === 0 ? 4 : 1 })) });
});

test("rows of one student are one, whoever sits there", () => {
  assert.equal(keyOf({ seat: 3, id: "a" }), keyOf({ seat: 3, id: "b" }));
  assert.notEqual(keyOf({ seat: 0, id: "a" }), keyOf({ seat: 0, id: "b" }));
});

test("times in words", () => {
  assert.deepEqual([0, 59, 60, 3599, 3600, 90000].map(duration), ["0 s", "59 s", "1 min", "59 min", "1 h", "25 h"]);
  assert.deepEqual([100, 96, 88, 0].map((time) => ago(time, 100)), ["now", "now", "12 s ago", "–"]);
});
