// The network layer: IPv4 (RFC 791) and IPv6 (RFC 8200).

import { bit, field, ipv4, ipv6, number, ox } from "./field.js";

const protocols = { 6: "TCP", 17: "UDP", 1: "ICMP" };
const protocol = (n) => `${n} ${protocols[n] ?? ""}`.trim();

export function ipLayer(packet, bytes) {
  const [at, end] = packet.offsets;
  const version = bytes[at] >> 4;
  const fields = version === 4 ? v4(bytes, at, end) : v6(bytes, at, end);
  return [{ key: `layer.ip${version}`, kind: "ip", from: at, to: end, fields }];
}

function v4(b, at, end) {
  const fields = [
    field("ip.version", b[at] >> 4, at, 1, { mask: 0xf0 }),
    field("ip.headerlength", `${b[at] & 15} (${(b[at] & 15) * 4})`, at, 1, { mask: 0x0f }),
    field("ip.dscp", b[at + 1] >> 2, at + 1, 1, { mask: 0xfc }),
    field("ip.ecn", b[at + 1] & 3, at + 1, 1, { mask: 0x03 }),
    field("ip.length", number(b, at + 2, 2), at + 2, 2),
    field("ip.id", `${number(b, at + 4, 2)} (${ox(number(b, at + 4, 2), 4)})`, at + 4, 2),
    field("ip.flags", ox(b[at + 6] >> 5, 1), at + 6, 1, { mask: 0xe0, fields: [bit("ip.df", b, at + 6, 0x40), bit("ip.mf", b, at + 6, 0x20)] }),
    field("ip.fragment", (number(b, at + 6, 2) & 0x1fff) * 8, at + 6, 2, { mask: 0x1fff }),
    field("ip.ttl", b[at + 8], at + 8, 1),
    field("ip.protocol", protocol(b[at + 9]), at + 9, 1),
    field("ip.checksum", ox(number(b, at + 10, 2), 4), at + 10, 2),
    field("ip.source", ipv4(b, at + 12), at + 12, 4),
    field("ip.destination", ipv4(b, at + 16), at + 16, 4),
  ];
  if (end > at + 20) fields.push(field("ip.options", end - at - 20, at + 20, end - at - 20));
  return fields;
}

function v6(b, at, end) {
  const fields = [
    field("ip.version", b[at] >> 4, at, 1, { mask: 0xf0 }),
    field("ip.class", ox(number(b, at, 2) >> 4 & 0xff, 2), at, 2, { mask: 0x0ff0 }),
    field("ip.flow", ox(number(b, at, 4) % 0x100000, 5), at, 4, { mask: 0x000fffff }),
    field("ip.payloadlength", number(b, at + 4, 2), at + 4, 2),
    field("ip.next", protocol(b[at + 6]), at + 6, 1),
    field("ip.ttl", b[at + 7], at + 7, 1),
    field("ip.source", ipv6(b, at + 8), at + 8, 16),
    field("ip.destination", ipv6(b, at + 24), at + 24, 16),
  ];
  if (end > at + 40) fields.push(field("ip.extensions", end - at - 40, at + 40, end - at - 40));
  return fields;
}
