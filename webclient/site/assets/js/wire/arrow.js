// One rung of the ladder: the lifelines as lines, the packet as an arrow.

import { flagNames } from "./words.js";

const space = "http://www.w3.org/2000/svg";

function shape(name, attributes, text) {
  const e = document.createElementNS(space, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  return e;
}

// rung is a rung without an arrow.
export function rung(lifelines, width, height) {
  const lifeline = width / lifelines.count;
  const svg = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "rung" });
  for (let i = 0; i < lifelines.count; i++) {
    const x = (i + 0.5) * lifeline;
    svg.append(shape("line", { x1: x, x2: x, y1: 0, y2: height, class: "lifeline" }));
  }
  return svg;
}

export function arrow(packet, lifelines, width, height, mine) {
  const lifeline = width / lifelines.count;
  const svg = rung(lifelines, width, height);
  const client = lifelines.place(packet.conversation) * lifeline;
  const server = lifelines.server * lifeline;
  const [from, to] = packet.fromClient ? [client, server] : [server, client];
  const way = Math.sign(to - from);
  const y = height * 0.64;
  const group = shape("g", { class: `arrow ${mine ? "mine" : "others"} ${packet.payload ? "data" : "bare"}` });
  group.append(
    shape("line", { x1: from, x2: to - way * 7, y1: y, y2: y }),
    shape("path", { d: `M${to} ${y}l${-way * 9} -5v10z` }),
    shape("circle", { cx: from, cy: y, r: 2.5 }),
  );
  svg.append(group);
  // Names where there is room for them, else tcpdump's letters.
  const flags = Math.abs(to - from) > 92 || packet.flags.length === 1 ? flagNames(packet.flags) : packet.flags;
  const label = packet.payload ? `${flags} ${packet.payload}` : flags;
  svg.append(shape("text", { x: (from + to) / 2, y: y - 8, class: "label" }, label));
  return svg;
}
