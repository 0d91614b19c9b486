import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Connection } from "../assets/js/net/connection.js";
import { permission } from "../assets/js/net/permission.js";

// The browser's part: sockets that the test opens and closes, and a page's server.
let sockets = [];
let edition = 204;
globalThis.addEventListener = () => {};
globalThis.fetch = async () => ({ status: edition });
globalThis.WebSocket = class {
  static OPEN = 1;
  constructor(url) {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    sockets.push(this);
  }
  send(text) {
    this.sent.push(text);
  }
  close() {}
};

const events = [];
const on = {
  open: () => events.push("open"), text: (s) => events.push(s), closed: (code) => events.push(code),
  state: (name) => events.at(-1) !== name && events.push(name), over: () => events.push("gave up"),
};
// settled lets what waits for an answer go on.
const settled = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const open = async (c) => {
  c.connect();
  await settled();
  sockets.at(-1).readyState = 1;
  sockets.at(-1).onopen();
};

const lesson = () => permission("edition/lesson", true);

beforeEach(() => {
  sockets = [];
  events.length = 0;
  edition = 204;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  // A clock for the pauses that runs with the timers.
  let now = 0;
  mock.method(performance, "now", () => now);
  mock.method(Math, "random", () => 0.5);
  globalThis.tick = (ms) => {
    for (; ms > 0; ms -= 500) {
      now += 500;
      mock.timers.tick(500);
    }
  };
});

test("what cannot be sent is said not to be", async () => {
  const c = new Connection(["ws://x"], on);
  assert.equal(c.send("a"), false);
  await open(c);
  assert.equal(c.send("b"), true);
  assert.deepEqual(sockets[0].sent, ["b"]);
});

test("a lost connection comes back after a pause, later each time", async () => {
  const c = new Connection(["ws://x"], on);
  await open(c);
  for (const pause of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
    sockets.at(-1).onclose({ code: 1006 });
    const n = sockets.length;
    tick(pause - 500);
    await settled();
    assert.equal(sockets.length, n, `before ${pause} ms`);
    tick(1000);
    await settled();
    assert.equal(sockets.length, n + 1, `after ${pause} ms`);
  }
  c.established();
  assert.equal(c.failures, 0);
});

test("a silent server is given up, one without a heartbeat is not", async () => {
  const c = new Connection(["ws://x"], on);
  await open(c);
  tick(40000);
  assert.ok(events.includes(1006));
  const lost = [];
  const patient = new Connection(["ws://x"], { ...on, closed: (code) => lost.push(code) });
  patient.heartbeat = false;
  await open(patient);
  tick(400000);
  assert.deepEqual(lost, []);
});

test("addresses are tried in turn, and the one that serves is kept", async () => {
  const c = new Connection(["ws://a", "ws://b", "ws://c"], on);
  c.connect();
  await settled();
  sockets[0].onclose({ code: 1006 }); // refused
  assert.equal(sockets[1].url, "ws://b");
  tick(4000); // no answer at all
  assert.equal(sockets[2].url, "ws://c");
  assert.deepEqual(events, ["connecting"]);
  sockets[1].onclose({ code: 1006 }); // too late: it was given up
  assert.equal(sockets.length, 3);
  sockets[2].onclose({ code: 1006 });
  assert.deepEqual(events, ["connecting", 1006, "waiting"]);
  c.retry();
  await settled();
  assert.equal(sockets[3].url, "ws://a");
  sockets[3].onclose({ code: 1006 });
  sockets[4].onopen();
  c.established();
  sockets[4].onclose({ code: 1001 }); // a chat that ends is no address that fails
  assert.equal(sockets.length, 5);
  c.retry();
  await settled();
  assert.equal(sockets[5].url, "ws://b");
});

test("what does not answer is said after four seconds, and gets longer each time", async () => {
  const c = new Connection(["ws://x"], on);
  c.connect();
  await settled();
  for (const patience of [4000, 8000, 16000, 30000, 30000]) {
    const n = sockets.length;
    events.length = 0;
    tick(patience - 500);
    assert.deepEqual(events, [], `before ${patience} ms`);
    tick(500);
    assert.deepEqual(events, [1006, "waiting"], `after ${patience} ms`);
    c.retry();
    await settled();
    assert.equal(sockets.length, n + 1);
  }
});

test("a page of an earlier edition does not connect", async () => {
  edition = 410;
  const c = new Connection(["ws://x"], on, lesson);
  c.connect();
  await settled();
  assert.equal(sockets.length, 0);
  assert.deepEqual(events, ["connecting", "over", "gave up"]);
});

test("a page's server that is away is asked again", async () => {
  edition = 502;
  const c = new Connection(["ws://x"], on, lesson);
  c.connect();
  await settled();
  assert.equal(sockets.length, 0);
  edition = 204;
  tick(2000);
  await settled();
  assert.equal(sockets.length, 1);
});

test("a page's server that is away lets the chat of no edition be reached", async () => {
  for (const [status, named, want] of [[0, false, "open"], [404, false, "open"], [410, false, "over"], [404, true, "over"], [403, true, "away"], [204, true, "open"]]) {
    edition = status;
    assert.equal(await permission("edition/", named), want, `${status} ${named}`);
  }
  edition = 404;
  assert.equal(await permission("desk/visit/1", true, "elsewhere"), "elsewhere");
});

test("a server that restarts what it serves is come back to at once, if it served at all", async () => {
  const c = new Connection(["ws://x"], on);
  await open(c);
  sockets[0].onclose({ code: 1012 });
  await settled();
  assert.equal(sockets.length, 1, "it may refuse us, over and over");
  c.retry();
  await settled();
  sockets[1].onopen();
  c.established();
  sockets[1].onclose({ code: 1012 });
  await settled();
  assert.equal(sockets.length, 3);
});

test("a connection that is made anew leaves the one before it", async () => {
  const c = new Connection(["ws://x"], on);
  await open(c);
  c.established();
  const [old] = sockets;
  c.renew();
  await settled();
  assert.equal(sockets.length, 2);
  events.length = 0;
  old.onmessage({ data: "late" });
  old.onclose({ code: 1005 });
  assert.deepEqual(events, []);
});
