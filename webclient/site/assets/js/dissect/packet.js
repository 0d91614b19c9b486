// A packet, layer by layer.

import { field } from "./field.js";
import { httpLayer } from "./http.js";
import { ipLayer } from "./ip.js";
import { linkLayer } from "./link.js";
import { tcpLayer } from "./tcp.js";
import { frameLayer, unbase64 } from "./websocket.js";

export const bytesOf = (packet) => unbase64(packet.data);

export function dissect(packet, bytes) {
  const layers = [...linkLayer(packet, bytes), ...ipLayer(packet, bytes), ...tcpLayer(packet, bytes)];
  let at = packet.offsets[2];
  const end = Math.min(bytes.length, at + packet.payload);
  const rest = (to) => {
    if (to > at) layers.push({ key: "layer.data", kind: "app", from: at, to, fields: [field("data.bytes", to - at, at, to - at)] });
  };
  for (const unit of packet.units ?? []) {
    const framed = unit.kind === "frame" || unit.kind === "noframe";
    if (unit.at < 0) {
      if (framed) layers.push(frameLayer(unit, bytes));
      continue;
    }
    rest(unit.at);
    layers.push(framed ? frameLayer(unit, bytes) : httpLayer(unit, bytes));
    at = unit.at + unit.size;
  }
  // Bytes that end no unit here belong to one that ends in a later packet, or
  // were captured before; a unit that began earlier may end in this packet.
  if (!(packet.units ?? []).some((u) => u.at < 0)) rest(end);
  return layers;
}
