import assert from "node:assert/strict";
import { test } from "node:test";

import { texts } from "./document.js";

texts({ "wire.client": "client {port}", "wire.client.named": "{name} ({port})", "wire.server": "server {port}",
  "wire.heartbeat": "one", "wire.heartbeats": "{n} in {time}" });
const { ready } = await import("../assets/js/texts.js");
const { clientName, flagNames, heartbeats, sinceBefore } = await import("../assets/js/wire/words.js");
const { pcap } = await import("../assets/js/wire/pcap.js");
await ready;

test("tcpdump's letters as names", () => {
  assert.deepEqual(["S", "S.", "P.", "F.", "R", ".", "none"].map(flagNames), ["SYN", "SYN ACK", "PSH ACK", "FIN ACK", "RST", "ACK", "–"]);
});

test("the time since the packet before, at every size", () => {
  const since = (before, time) => sinceBefore({ before, time });
  assert.equal(since(undefined, "1.000000000"), "");
  assert.match(since("1.999999000", "2.000000000"), /^\+1\sµs$/);
  assert.match(since("1.000000000", "1.012340000"), /^\+12[.,]3\sms$/);
  assert.match(since("1.000000000", "3.500000000"), /^\+2[.,]5\ss$/);
});

test("heartbeats are counted and timed", () => {
  const fold = (...times) => heartbeats({ packets: times.map((time) => ({ time })) });
  assert.equal(fold("1.000000000"), "one");
  assert.match(fold("1.000000000", "1.000150000"), /^2 in 150\sµs$/);
  assert.match(fold("1.000000000", "11.000000000", "31.020000000"), /^3 in 30\ss$/);
});

test("a client is named by its nickname, else by its port", () => {
  assert.equal(clientName({ name: "mynick", client: "127.0.0.1:60653" }), "mynick (60653)");
  assert.equal(clientName({ name: "", client: "[::1]:60653" }), "client 60653");
});

test("a pcap file of one link type, in nanoseconds", async () => {
  const p = { link: 1, time: "1408075116.123456789", length: 60, data: Buffer.from("abc").toString("base64") };
  const file = new DataView(await pcap([p, { ...p, link: 276 }]).arrayBuffer());
  assert.equal(file.byteLength, 24 + 16 + 3);
  assert.deepEqual([0, 20, 24, 28, 32, 36].map((at) => file.getUint32(at, true)), [0xa1b23c4d, 1, 1408075116, 123456789, 3, 60]);
});
