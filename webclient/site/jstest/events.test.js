import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { texts } from "./document.js";

texts({ "desk.away": "away", "desk.failed": "answered {status}" });
const { ready } = await import("../assets/js/texts.js");
const { Events } = await import("../assets/js/net/events.js");
await ready;

let sources = [];
let answer;
globalThis.fetch = async () => answer;
globalThis.EventSource = class {
  static CLOSED = 2;
  constructor(url) {
    Object.assign(this, { url, on: {}, readyState: 0 });
    sources.push(this);
  }
  addEventListener(name, f) {
    this.on[name] = f;
  }
  close() {
    this.readyState = 2;
  }
};

let told = [];
const on = { state: (s) => told.push(s.n), lost: (why) => told.push(`lost ${why}`), refused: (why) => told.push(`refused ${why}`) };
const settled = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const fails = async (source, status, body) => {
  answer = { status, ok: status < 400, text: async () => body };
  source.readyState = 2;
  source.on.error();
  await settled();
};

beforeEach(() => {
  sources = [];
  told = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 0.5);
});

test("a state is told, and a break that the browser mends is said", () => {
  new Events("desk/events", on).start();
  sources[0].on.message({ data: '{"n":1}' });
  sources[0].on.error();
  sources[0].on.message({ data: '{"n":2}' });
  assert.deepEqual(told, [1, "lost ", 2]);
  assert.equal(sources[0].url, "desk/events?lang=en");
  assert.equal(sources.length, 1);
});

test("a refusal is final and in the server's words", async () => {
  new Events("class/events", on).start();
  await fails(sources[0], 403, '{"error":"open the link"}');
  assert.deepEqual(told, ["lost ", "refused open the link"]);
  mock.timers.tick(60000);
  assert.equal(sources.length, 1);
});

test("any other failure is told and tried again", async () => {
  new Events("desk/events", on).start();
  await fails(sources[0], 503, '{"error":"no room"}');
  mock.timers.tick(3000);
  await fails(sources[1], 502, "<h1>Bad gateway</h1>");
  mock.timers.tick(3000);
  await fails(sources[2], 200, "");
  mock.timers.tick(3000);
  assert.equal(sources.length, 4);
  assert.deepEqual(told, ["lost ", "lost no room", "lost ", "lost answered 502", "lost "]);
});

test("a server that falls silent is given up, where it should not be silent", () => {
  new Events("class/events", on, 15000).start();
  sources[0].on.message({ data: '{"n":1}' });
  mock.timers.tick(14000);
  sources[0].on.message({ data: '{"n":2}' });
  mock.timers.tick(14000);
  assert.equal(sources.length, 1);
  mock.timers.tick(1000);
  assert.equal(sources.length, 2);
  sources[0].on.message({ data: '{"n":9}' });
  assert.deepEqual(told, [1, 2, "lost "]);
  new Events("desk/events", on).start();
  mock.timers.tick(600000);
  assert.equal(sources.filter(({ url }) => url.startsWith("desk")).length, 1);
});
