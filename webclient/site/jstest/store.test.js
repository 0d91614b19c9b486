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

// rows shows a store's rows: numbers of packets, of a fold in brackets.
const rows = (store) => store.rows.map((r) => (r.packets ? `[${r.packets.map((p) => p.n).join(" ")}]` : r.n));
const beat = (n, more) => packet(n, { heartbeat: true, ...more });

test("heartbeats that follow one another are folded, and open again", () => {
  const store = new Store();
  store.add([packet(1), beat(2), beat(3)]);
  store.add([beat(4), packet(5), beat(6), packet(7)]);
  assert.deepEqual(rows(store), [1, "[2 3 4]", 5, "[6]", 7]);
  assert.deepEqual([5, 7].map((n) => store.byNumber.get(n).before), ["1.000000000", "5.000000000"], "gaps are between what is seen");
  store.toggle(store.rows[1]);
  assert.deepEqual(rows(store), [1, "[2 3 4]", 2, 3, 4, 5, "[6]", 7]);
  assert.deepEqual([2, 5].map((n) => store.byNumber.get(n).before), ["1.000000000", "4.000000000"]);
  assert.deepEqual(store.rows.map((r) => r.at), [1, 2, 1, 2, 3, 3, 4, 5], "places in a tree");
  const fold = store.rows[1];
  store.filter();
  assert.equal(store.rows[1], fold, "it stays the same, and open");
  store.toggle(fold);
  assert.deepEqual(rows(store), [1, "[2 3 4]", 5, "[6]", 7]);
});

test("an open fold grows", () => {
  const store = new Store();
  store.add([beat(1)]);
  store.toggle(store.rows[0]);
  store.add([beat(2), packet(3)]);
  assert.deepEqual(rows(store), ["[1 2]", 1, 2, 3]);
});

test("heartbeats are hidden, and counted as far as nothing else hides them", () => {
  const store = new Store();
  store.add([packet(1), beat(2, { payload: 17 }), beat(3), packet(4)]);
  store.noHeartbeats = true;
  store.filter();
  store.add([beat(5)]);
  assert.deepEqual(rows(store), [1, 4]);
  assert.equal(store.hidden, 3);
  assert.equal(store.byNumber.get(4).before, "1.000000000");
  store.onlyData = true;
  store.filter();
  assert.equal(store.hidden, 1);
  store.noHeartbeats = false;
  store.filter();
  assert.deepEqual([rows(store), store.hidden], [["[2]"], 0]);
});

test("what a filter lets through between heartbeats parts their folds", () => {
  const store = new Store();
  store.add([beat(1, { payload: 17 }), packet(2), beat(3, { payload: 21 }), packet(4, { payload: 5 }), beat(5, { payload: 17 })]);
  assert.deepEqual(rows(store), ["[1]", 2, "[3]", 4, "[5]"]);
  store.onlyData = true;
  store.filter();
  assert.deepEqual(rows(store), ["[1 3]", 4, "[5]"]);
});

test("of dropped packets the rows that went are counted", () => {
  const store = new Store();
  // One fold that is dropped whole, and one of which the end stays.
  store.add([...Array.from({ length: 100 }, (_, i) => beat(i + 1)), packet(101), ...Array.from({ length: most - 102 }, (_, i) => beat(i + 102))]);
  assert.equal(store.rows.length, 3);
  store.toggle(store.rows[2]);
  store.add([packet(most), packet(most + 1)]);
  const dropped = most / 10 + 1;
  assert.equal(store.dropped, dropped);
  assert.equal(store.gone, 2 + dropped - 101, "a fold, a packet, and those of the open fold");
  assert.equal(store.rows[0].open, true);
  assert.equal(store.rows[0].packets[0].n, dropped + 1);
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
