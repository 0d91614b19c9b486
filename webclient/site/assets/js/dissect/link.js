// The link layer: what the interface put before the IP packet.

import { field, mac, number, ox } from "./field.js";

const etherTypes = { 0x0800: "IPv4", 0x86dd: "IPv6", 0x8100: "802.1Q" };
const directions = ["host", "broadcast", "multicast", "otherhost", "outgoing"];

const etherType = (bytes, at) => {
  const n = number(bytes, at, 2);
  return field("link.type", `${ox(n, 4)} ${etherTypes[n] ?? ""}`.trim(), at, 2);
};
const packetType = (n, at, length) => field("link.direction", `${n} ${directions[n] ?? ""}`.trim(), at, length);
const hardware = (bytes, at) => field("link.hardware", number(bytes, at, 2), at, 2);

const layers = {
  // LINKTYPE_LINUX_SLL: "any" on Linux, the older form
  113: (b) => [packetType(number(b, 0, 2), 0, 2), hardware(b, 2), field("link.addresslength", number(b, 4, 2), 4, 2), field("link.address", mac(b, 6, 8), 6, 8), etherType(b, 14)],
  // LINKTYPE_LINUX_SLL2: the newer form, with the interface
  276: (b) => [etherType(b, 0), field("link.reserved", number(b, 2, 2), 2, 2), field("link.interface", number(b, 4, 4), 4, 4), hardware(b, 8), packetType(b[10], 10, 1), field("link.addresslength", b[11], 11, 1), field("link.address", mac(b, 12, 8), 12, 8)],
  1: (b, end) => {
    const fields = [field("link.to", mac(b, 0), 0, 6), field("link.from", mac(b, 6), 6, 6)];
    let at = 12;
    for (; at + 6 <= end; at += 4) fields.push(etherType(b, at), field("link.vlan", number(b, at + 2, 2) & 0xfff, at + 2, 2, { mask: 0x0fff }));
    fields.push(etherType(b, at));
    return fields;
  },
  0: (b) => [field("link.family", number(b, 0, 4), 0, 4)],
  108: (b) => [field("link.family", number(b, 0, 4), 0, 4)],
};

export function linkLayer(packet, bytes) {
  const end = packet.offsets[0];
  const fields = layers[packet.link]?.(bytes, end);
  if (!fields || end === 0) return [];
  const name = { 113: "Linux cooked v1", 276: "Linux cooked v2", 1: "Ethernet", 0: "BSD loopback", 108: "OpenBSD loopback" }[packet.link];
  return [{ key: "layer.link", args: { name }, kind: "link", from: 0, to: end, fields }];
}
