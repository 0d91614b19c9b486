import assert from "node:assert/strict";
import { test } from "node:test";

import { ipv6, number } from "../assets/js/dissect/field.js";
import { bytesOf, dissect } from "../assets/js/dissect/packet.js";
import { parseFrame } from "../assets/js/dissect/websocket.js";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (hex) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));

// A masked text frame, "hi", on Linux' cooked interface over IPv4.
const cooked = bytes("0000 0304 0006 0000 0000 0000 0000 0800");
const ip = bytes("4500 003c 1234 4000 4006 0000 7f000001 7f000001");
const tcp = bytes("ecf5 1c68 00000065 000000c9 8018 0100 0000 0000 0101 080a 00000001 00000002");
const frame = bytes("8182 01020304 696b");
const data = Uint8Array.from([...cooked, ...ip, ...tcp, ...frame]);
const packet = {
  link: 113, data: base64(data), offsets: [16, 36, 68], payload: 8, flags: "P.", seq: 1, ack: 1, started: true,
  units: [{ kind: "frame", at: 68, size: 8 }],
};

const find = (layers, layer, key) => layers.find((l) => l.key === layer).fields.flatMap((f) => [f, ...(f.fields ?? [])]).find((f) => f.key === key);

test("every field has its place in the bytes", () => {
  const layers = dissect(packet, bytesOf(packet));
  assert.deepEqual(layers.map((l) => [l.key, l.from, l.to]), [["layer.link", 0, 16], ["layer.ip4", 16, 36], ["layer.tcp", 36, 68], ["layer.frame", 68, 76]]);
  for (const [layer, key, value, from, to] of [
    ["layer.link", "link.type", "0x0800 IPv4", 14, 16],
    ["layer.ip4", "ip.protocol", "6 TCP", 25, 26],
    ["layer.ip4", "ip.source", "127.0.0.1", 28, 32],
    ["layer.tcp", "tcp.source", "60661", 36, 38],
    ["layer.tcp", "tcp.seq", "1 (101)", 40, 44],
    ["layer.tcp", "tcp.opt.ts", "1, 2", 58, 68],
    ["layer.frame", "ws.opcode", "1 text", 68, 69],
    ["layer.frame", "ws.key", "01 02 03 04", 70, 74],
    ["layer.frame", "ws.unmasked", "hi", 74, 76],
  ]) {
    const f = find(layers, layer, key);
    assert.deepEqual([f.value, f.from, f.to], [value, from, to], key);
  }
});

test("a frame that breaks a rule is shown with it, and what is no frame is not taken for one", () => {
  const shown = (unit) => dissect({ ...packet, units: [{ at: 68, size: 8, ...unit }] }, data).slice(3);
  const [broken] = shown({ kind: "frame", section: "5.1" });
  assert.deepEqual([broken.key, broken.fields[0].key, broken.fields[0].value, broken.fields[0].from, broken.fields[0].to], ["layer.frame", "ws.broken", "RFC 6455 §5.1", 68, 76]);
  assert.equal(find([broken], "layer.frame", "ws.unmasked").value, "hi");
  const none = shown({ kind: "noframe", section: "5.2", size: 6 });
  assert.deepEqual(none.map((l) => [l.key, l.from, l.to]), [["layer.noframe", 68, 74], ["layer.data", 74, 76]]);
  assert.deepEqual(none[0].fields.map((f) => f.key), ["ws.broken"]);
});

test("a head is read however its lines end, begin and are folded", () => {
  const head = "\nGET / HTTP/1.1\r\nconnection: keep-alive,\r\n\tUpgrade\nUpgrade: websocket\n\n";
  const at = data.length;
  const layers = dissect({ ...packet, payload: 8 + head.length, units: [...packet.units, { kind: "request", at, size: head.length }] }, Uint8Array.from([...data, ...Buffer.from(head)]));
  assert.deepEqual(layers.at(-1).fields.map((f) => [f.key, f.value]), [
    ["http.field", ""], ["http.request", "GET / HTTP/1.1"], ["http.connection", "connection: keep-alive,"], ["http.connection", "\tUpgrade"], ["http.upgrade", "Upgrade: websocket"], ["http.end", ""],
  ]);
});

test("what stands between the interface's header and IP is read", () => {
  const macs = "0200 0000 0001 0200 0000 0002";
  const sll = "0000 0001 0006 0200 0000 0001 0000";
  for (const [link, header, fields] of [
    [1, macs + "0800", ["link.to 0 6", "link.from 6 12", "link.type 12 14"]],
    [1, macs + "88a8 0064 8100 0007 0800", ["link.to 0 6", "link.from 6 12", "link.type 12 14", "link.vlan 14 16", "link.type 16 18", "link.vlan 18 20", "link.type 20 22"]],
    [1, macs + "8864 1100 0009 003e 0021", ["link.to 0 6", "link.from 6 12", "link.type 12 14", "link.session 16 18", "link.length 18 20", "link.ppp 20 22"]],
    [1, macs + "0044 aaaa 0300 0000 0800", ["link.to 0 6", "link.from 6 12", "link.length 12 14", "link.llc 14 20", "link.type 20 22"]],
    [113, sll + "8100 0007 0800", ["link.direction 0 2", "link.hardware 2 4", "link.addresslength 4 6", "link.address 6 14", "link.type 14 16", "link.vlan 16 18", "link.type 18 20"]],
    [276, "8864 0000 0000 0001 0001 0006 0200 0000 0001 0000 1100 0009 003e 0021", ["link.type 0 2", "link.reserved 2 4", "link.interface 4 8", "link.hardware 8 10", "link.direction 10 11", "link.addresslength 11 12", "link.address 12 20", "link.session 22 24", "link.length 24 26", "link.ppp 26 28"]],
    [0, "0200 0000", ["link.family 0 4"]],
    [127, "0000 0800 0000 0000 0801", ["link.rest 0 10"]],
    [113, "0000 0323 0006 0200 0000 0001 0000 0004 0000 0800 0000 0000", ["link.direction 0 2", "link.hardware 2 4", "link.addresslength 4 6", "link.address 6 14", "link.type 14 16", "link.rest 16 24"]],
    [113, sll + "0004 aaaa 0300 0000 0800", ["link.direction 0 2", "link.hardware 2 4", "link.addresslength 4 6", "link.address 6 14", "link.type 14 16", "link.llc 16 22", "link.type 22 24"]],
  ]) {
    const before = bytes(header);
    const all = Uint8Array.from([...before, ...ip, ...tcp]);
    const n = before.length;
    const layers = dissect({ ...packet, link, offsets: [n, n + 20, n + 52], units: [] }, all);
    assert.deepEqual(layers[0].fields.map((f) => `${f.key} ${f.from} ${f.to}`), fields, header);
    assert.equal(layers[1].from, n);
  }
  assert.deepEqual(dissect({ ...packet, link: 101, offsets: [0, 20, 52], units: [] }, Uint8Array.from([...ip, ...tcp])).map((l) => l.key), ["layer.ip4", "layer.tcp"]);
});

test("an option that cannot be is named as broken, and ends the list", () => {
  for (const broken of ["08ff", "0801", "0800", "08"]) {
    const bad = Uint8Array.from(data);
    bad.fill(1, 56, 68);
    bad.set(bytes(broken), 68 - broken.length / 2);
    const options = find(dissect(packet, bad), "layer.tcp", "tcp.options").fields;
    assert.equal(options.at(-1).key, "tcp.opt.broken", broken);
  }
});

test("frame headers of all three lengths", () => {
  for (const [hex, head, length] of [["8105", 2, 5], ["817e0100", 4, 256], ["817f0000000000010000", 10, 65536], ["818501020304", 6, 5], ["81fe010001020304", 8, 256]]) {
    const f = parseFrame(bytes(hex));
    assert.deepEqual([f.head, f.length], [head, length], hex);
  }
});

test("bytes that are not there do no harm", () => {
  // What has no whole TCP header does not come here.
  for (let n = 68; n <= data.length; n++) dissect(packet, data.subarray(0, n));
  for (let n = 0; n < frame.length; n++) parseFrame(frame.subarray(0, n));
});

test("IPv6 addresses as RFC 5952 writes them", () => {
  for (const [hex, text] of [
    ["00000000000000000000000000000001", "::1"], ["00000000000000000000000000000000", "::"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"], ["20010db8000100010001000100010001", "2001:db8:1:1:1:1:1:1"],
    ["fe800000000000000000000000000000", "fe80::"], ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
  ]) assert.equal(ipv6(bytes(hex), 0), text);
});

test("numbers of up to eight bytes", () => {
  assert.equal(number(bytes("0102"), 0, 2), 258);
  assert.equal(number(bytes("ffffffff"), 0, 4), 2 ** 32 - 1);
});
