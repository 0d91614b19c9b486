// The link layer: what the interface put before the IP packet.

import { field, hex, mac, number, ox } from "./field.js";

const etherTypes = { 4: "802.2", 0x0800: "IPv4", 0x86dd: "IPv6", 0x8100: "802.1Q", 0x88a8: "802.1ad", 0x9100: "802.1Q", 0x8864: "PPPoE" };
const vlans = [0x8100, 0x88a8, 0x9100, 0x9200];
const pppProtocols = { 0x21: "IPv4", 0x57: "IPv6" };
const directions = ["host", "broadcast", "multicast", "otherhost", "outgoing"];

const packetType = (n, at, length) => field("link.direction", `${n} ${directions[n] ?? ""}`.trim(), at, length);
const hardware = (bytes, at) => field("link.hardware", number(bytes, at, 2), at, 2);

// protocol gives the field of an EtherType, and those of what it announces before
// end: VLAN tags (IEEE 802.1Q), a PPPoE session (RFC 2516 §4), a SNAP header, whose
// last field is an EtherType. The headers stand at next. Up to 1500 it is a length
// (IEEE 802.3 §3.2.6), but in Linux' cooked captures.
function protocol(bytes, at, end, { next = at + 2, cooked = false } = {}) {
  const n = number(bytes, at, 2);
  const fields = [n > 1500 || cooked ? field("link.type", `${ox(n, 4)} ${etherTypes[n] ?? ""}`.trim(), at, 2) : field("link.length", n, at, 2)];
  if (n <= 1500 && next + 8 <= end) {
    return [...fields, field("link.llc", hex(bytes.subarray(next, next + 6)), next, 6), ...protocol(bytes, next + 6, end)];
  }
  if (vlans.includes(n) && next + 4 <= end) {
    const tag = field("link.vlan", number(bytes, next, 2) & 0xfff, next, 2, { mask: 0x0fff });
    return [...fields, tag, ...protocol(bytes, next + 2, end)];
  }
  if (n === 0x8864 && next + 8 <= end) {
    const ppp = number(bytes, next + 6, 2);
    fields.push(field("link.session", number(bytes, next + 2, 2), next + 2, 2), field("link.length", number(bytes, next + 4, 2), next + 4, 2));
    fields.push(field("link.ppp", `${ox(ppp, 4)} ${pppProtocols[ppp] ?? ""}`.trim(), next + 6, 2));
  }
  return fields;
}

const family = (b) => [field("link.family", number(b, 0, 4), 0, 4)];

// announced are the same for a cooked capture with the interface's hardware type
// at hardware: behind 803 stand radiotap's and 802.11's headers.
const announced = (b, at, end, next, hardware) => protocol(b, at, number(b, hardware, 2) === 803 ? next : end, { next, cooked: true });

// The link types that an interface is captured with (LINKTYPE_… of tcpdump.org).
const links = {
  0: { name: "BSD loopback", fields: family },
  1: { name: "Ethernet", fields: (b, end) => [field("link.to", mac(b, 0), 0, 6), field("link.from", mac(b, 6), 6, 6), ...protocol(b, 12, end)] },
  108: { name: "OpenBSD loopback", fields: family },
  // "any" on Linux, the older form
  113: {
    name: "Linux cooked v1",
    fields: (b, end) => [packetType(number(b, 0, 2), 0, 2), hardware(b, 2), field("link.addresslength", number(b, 4, 2), 4, 2), field("link.address", mac(b, 6, 8), 6, 8), ...announced(b, 14, end, 16, 2)],
  },
  // the newer form, with the interface
  276: {
    name: "Linux cooked v2",
    fields: (b, end) => {
      const [type, ...rest] = announced(b, 0, end, 20, 8);
      return [type, field("link.reserved", number(b, 2, 2), 2, 2), field("link.interface", number(b, 4, 4), 4, 4), hardware(b, 8), packetType(b[10], 10, 1), field("link.addresslength", b[11], 11, 1), field("link.address", mac(b, 12, 8), 12, 8), ...rest];
    },
  },
};

// linkLayer gives the layer before the IP packet. Bytes that no field is known of
// are one field.
export function linkLayer(packet, bytes) {
  const end = packet.offsets[0];
  if (end === 0) return [];
  const { name, fields } = links[packet.link] ?? { name: `LINKTYPE ${packet.link}`, fields: () => [] };
  const all = fields(bytes, end);
  const known = Math.max(0, ...all.map((f) => f.to));
  if (known < end) all.push(field("link.rest", hex(bytes.subarray(known, end)), known, end - known));
  return [{ key: "layer.link", args: { name }, kind: "link", from: 0, to: end, fields: all }];
}
