import assert from "node:assert/strict";
import { test } from "node:test";

import { most, Store } from "../assets/js/wire/store.js";

const packet = (n, more = {}) => ({ n, conversation: 0, client: "127.0.0.1:60653", server: "127.0.0.1:7272", payload: 0, time: `${n}.000000000`, ...more });

test("packets of a conversation share what is known of it", () => {
  const store = new Store();
  assert.equal(store.add([packet(1), packet(2)]), false);
  assert.equal(store.add([packet(3, { name: "mynick", id: "783" })]), true, "a name makes what was drawn old");
  assert.equal(store.add([packet(4, { name: "mynick", id: "783" })]), false);
  assert.equal(store.byNumber.get(1).conversation.name, "mynick");
  assert.equal(store.byNumber.get(2).before, "1.000000000");
  assert.equal(store.last, 4);
});

test("only mine and only data are both held to", () => {
  const store = new Store();
  store.mine.add("783");
  store.add([packet(1, { id: "783" }), packet(2, { id: "783", payload: 5 }), packet(3, { conversation: 1, payload: 5 })]);
  const shown = () => store.shown.map((p) => p.n);
  assert.deepEqual(shown(), [1, 2, 3]);
  store.onlyData = true;
  store.filter();
  assert.deepEqual(shown(), [2, 3]);
  store.onlyMine = true;
  store.filter();
  assert.deepEqual(shown(), [2]);
});

test("what is too much is dropped, and counted", () => {
  const store = new Store();
  store.onlyData = true;
  store.add(Array.from({ length: most + 1 }, (_, i) => packet(i + 1, { payload: i % 2 })));
  assert.equal(store.all.length, most - most / 10);
  assert.equal(store.dropped, most / 10 + 1);
  assert.equal(store.gone, store.dropped >> 1);
  assert.equal(store.byNumber.has(1), false);
  assert.equal(store.last, most + 1);
});
