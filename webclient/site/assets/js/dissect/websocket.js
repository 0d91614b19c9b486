// A WebSocket frame (RFC 6455 §5.2):
//
//    FIN RSV1-3 opcode | MASK length (7 bits) | length (0, 2 or 8 bytes) | masking key (0 or 4 bytes) | payload

import { bit, field, hex, number, text } from "./field.js";

export const opcodes = { 0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" };

// parseFrame reads the frame at the start of bytes; payload may be cut short.
export function parseFrame(bytes) {
  const short = bytes[1] & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (bytes[1] & 0x80) !== 0;
  const head = 2 + extended + (masked ? 4 : 0);
  const length = extended ? number(bytes, 2, extended) : short;
  const key = masked ? bytes.subarray(head - 4, head) : null;
  const raw = bytes.subarray(head, head + length);
  return {
    fin: (bytes[0] & 0x80) !== 0, rsv: bytes[0] >> 4 & 7, opcode: bytes[0] & 15, masked, short, extended, head, length, key, raw,
    payload: key ? raw.map((b, i) => b ^ key[i % 4]) : raw,
  };
}

// frameBytes gives a frame's bytes: from the packet that it ends in, or as the
// server gathered them from several.
export function frameBytes(unit, bytes) {
  if (unit.at >= 0) return bytes.subarray(unit.at, unit.at + unit.size);
  const head = unbase64(unit.head);
  const raw = unbase64(unit.raw);
  const all = new Uint8Array(head.length + raw.length);
  all.set(head);
  all.set(raw, head.length);
  return all;
}

export const unbase64 = (s) => Uint8Array.from(atob(s ?? ""), (c) => c.charCodeAt(0));

// frameLayer shows the frame, or what stands where one should. What began in an
// earlier packet has no place in this one's bytes.
export function frameLayer(unit, bytes) {
  const b = frameBytes(unit, bytes);
  const fields = unit.kind === "noframe" ? [] : frameFields(b);
  if (unit.guess) fields.unshift(field("ws.guess", "", 0, b.length));
  if (unit.section) fields.unshift(field("ws.broken", `RFC 6455 §${unit.section}`, 0, b.length));
  const inside = unit.at >= 0;
  for (const x of fields) {
    x.from = inside ? x.from + unit.at : 0;
    x.to = inside ? x.to + unit.at : 0;
  }
  const key = unit.kind === "noframe" ? "layer.noframe" : inside ? "layer.frame" : "layer.frame.earlier";
  return { key, kind: "app", from: inside ? unit.at : 0, to: inside ? unit.at + b.length : 0, fields };
}

function frameFields(b) {
  const f = parseFrame(b);
  const fields = [
    bit("ws.fin", b, 0, 0x80),
    field("ws.rsv", f.rsv, 0, 1, { mask: 0x70 }),
    field("ws.opcode", `${f.opcode} ${opcodes[f.opcode] ?? ""}`, 0, 1, { mask: 0x0f }),
    bit("ws.mask", b, 1, 0x80),
    field("ws.length7", f.short, 1, 1, { mask: 0x7f }),
  ];
  if (f.extended) fields.push(field("ws.length", f.length, 2, f.extended));
  if (f.masked) fields.push(field("ws.key", hex(f.key), f.head - 4, 4));
  if (f.length > 0) {
    fields.push(field(f.masked ? "ws.masked" : "ws.payload", f.masked ? preview(hex(f.raw)) : preview(show(f)), f.head, f.raw.length));
    if (f.masked) fields.push(field("ws.unmasked", preview(show(f)), f.head, f.raw.length));
  }
  return fields;
}

const preview = (s) => (s.length > 600 ? s.slice(0, 600) + "…" : s);

function show(f) {
  if (f.opcode === 8 && f.payload.length >= 2) return `${number(f.payload, 0, 2)} ${text(f.payload.subarray(2))}`;
  return f.opcode === 2 ? hex(f.payload) : text(f.payload);
}
