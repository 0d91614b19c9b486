// The transport layer: TCP (RFC 9293 §3.1) and its options.

import { bit, field, hex, number, ox } from "./field.js";

export function tcpLayer(packet, b) {
  const [, at, end] = packet.offsets;
  const has = (letter) => packet.flags.includes(letter);
  const flags = [["cwr", 0x80], ["ece", 0x40], ["urg", 0x20], ["acked", 0x10], ["psh", 0x08], ["rst", 0x04], ["syn", 0x02], ["fin", 0x01]];
  // In a SYN these two say what its sender can, not what has happened.
  const offers = { cwr: "tcp.cwr.syn", ece: "tcp.ece.syn" };
  const relative = (n, raw) => `${n} (${raw})`;
  const counted = packet.started ? "tcp.counted.start" : "tcp.counted.late";
  const seq = number(b, at + 4, 4);
  const ack = number(b, at + 8, 4);
  const fields = [
    field("tcp.source", number(b, at, 2), at, 2),
    field("tcp.destination", number(b, at + 2, 2), at + 2, 2),
    has("S") ? field("tcp.seq", seq, at + 4, 4, { is: "tcp.seq.syn" })
      : field("tcp.seq", relative(packet.seq, seq), at + 4, 4, { is: seqMeans(packet, has), also: counted }),
    has(".") ? field("tcp.ack", relative(packet.ack, ack), at + 8, 4, { also: counted }) : field("tcp.ack", ack, at + 8, 4, { is: "tcp.ack.none" }),
    field("tcp.offset", `${b[at + 12] >> 4} (${(b[at + 12] >> 4) * 4})`, at + 12, 1, { mask: 0xf0 }),
    field("tcp.flags", `${ox(b[at + 13], 2)} ${flags.filter(([, m]) => b[at + 13] & m).map(([n]) => n.slice(0, 3).toUpperCase()).join(" ")}`, at + 13, 1,
      { fields: flags.map(([n, m]) => bit(`tcp.${n}`, b, at + 13, m, has("S") ? offers[n] : undefined)) }),
    windowField(packet, number(b, at + 14, 2), at + 14, has("S")),
    field("tcp.checksum", ox(number(b, at + 16, 2), 4), at + 16, 2),
    field("tcp.urgent", number(b, at + 18, 2), at + 18, 2),
  ];
  if (end > at + 20) fields.push(field("tcp.options", end - at - 20, at + 20, end - at - 20, { fields: options(b, at + 20, end) }));
  return [{ key: "layer.tcp", kind: "tcp", from: at, to: end, fields }];
}

// seqMeans tells what a sequence number numbers: not always a byte.
function seqMeans(packet, has) {
  if (has("R")) return "tcp.seq.rst";
  if (packet.kind === "keepalive") return "tcp.seq.keepalive";
  if (packet.kind === "windowprobe") return "tcp.seq.probe";
  if (packet.payload > 0) return "tcp.seq";
  return has("F") ? "tcp.seq.fin" : "tcp.seq.none";
}

// windowField scales a window where both SYNs told how (RFC 7323 §2.2).
function windowField(packet, n, at, syn) {
  const make = (value, is) => field("tcp.window", value, at, 2, { is });
  if (syn) return make(n, "tcp.window.syn");
  if (packet.scale === undefined) return make(n, "tcp.window");
  if (packet.scale < 0) return make(n, "tcp.window.plain");
  return make(`${n} × ${2 ** packet.scale} = ${n * 2 ** packet.scale}`, "tcp.window.scaled");
}

function options(b, at, end) {
  const list = [];
  while (at < end) {
    const kind = b[at];
    if (kind === 0) {
      list.push(field("tcp.opt.end", "", at, end - at));
      break;
    }
    if (kind === 1) {
      list.push(field("tcp.opt.nop", "", at++, 1));
      continue;
    }
    const length = b[at + 1];
    if (!(length >= 2 && at + length <= end)) {
      list.push(field("tcp.opt.broken", hex(b.subarray(at, end)), at, end - at));
      break;
    }
    list.push(option(b, kind, at, length));
    at += length;
  }
  return list;
}

function option(b, kind, at, length) {
  if (kind === 2 && length === 4) return field("tcp.opt.mss", number(b, at + 2, 2), at, 4);
  if (kind === 3 && length === 3) return field("tcp.opt.wscale", `${b[at + 2]} (× ${2 ** Math.min(b[at + 2], 14)})`, at, 3);
  if (kind === 4) return field("tcp.opt.sackok", "", at, length);
  if (kind === 5) return field("tcp.opt.sack", Array.from({ length: (length - 2) / 8 }, (_, i) => `${number(b, at + 2 + 8 * i, 4)}–${number(b, at + 6 + 8 * i, 4)}`).join(", "), at, length);
  if (kind === 8 && length === 10) return field("tcp.opt.ts", `${number(b, at + 2, 4)}, ${number(b, at + 6, 4)}`, at, 10);
  return field("tcp.opt.other", `${kind}: ${hex(b.subarray(at + 2, at + length))}`, at, length);
}
