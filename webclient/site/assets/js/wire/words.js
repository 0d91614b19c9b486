// A packet in words and numbers.

import { number } from "../format.js";
import { language, t } from "../texts.js";

const letters = { S: "SYN", F: "FIN", R: "RST", P: "PSH", ".": "ACK", U: "URG", E: "ECE", W: "CWR" };

// flagNames gives tcpdump's letters as names: "P." is "PSH ACK".
export const flagNames = (flags) => [...flags].map((l) => letters[l] ?? "").join(" ").trim() || "–";

export function timeOfDay(packet) {
  const [seconds, fraction] = packet.time.split(".");
  const d = new Date(seconds * 1000);
  const two = (n) => String(n).padStart(2, "0");
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${fraction.slice(0, 6)}`;
}

// between is the time from one moment to another.
function between(from, to) {
  const [s0, f0] = from.split(".");
  const [s1, f1] = to.split(".");
  const ms = (s1 - s0) * 1000 + (f1 - f0) / 1e6;
  const say = (n, unit) => `${number(Number(n), language())}\u00a0${unit}`;
  if (Math.abs(ms) < 1) return say(Math.round(ms * 1000), "µs");
  if (ms < 999.5) return say(ms.toPrecision(3), "ms");
  return say((ms / 1000).toFixed(ms < 10000 ? 2 : 1), "s");
}

// sinceBefore is how long after the packet that is seen before it this one came.
export const sinceBefore = (packet) => (packet.before ? `+${between(packet.before, packet.time)}` : "");

// heartbeats names a fold.
export function heartbeats({ packets }) {
  const n = packets.length;
  return n === 1 ? t("wire.heartbeat") : t("wire.heartbeats", { n, time: between(packets[0].time, packets[n - 1].time) });
}

export const port = (address) => address.slice(address.lastIndexOf(":") + 1);

export const clientName = ({ name, client }) => t(name ? "wire.client.named" : "wire.client", { name, port: port(client) });

export function inWords(packet, mine) {
  const client = clientName(packet.conversation) + (mine ? ` – ${t("wire.mine")}` : "");
  const server = t("wire.server", { port: port(packet.conversation.server) });
  const [from, to] = packet.fromClient ? [client, server] : [server, client];
  const words = t("wire.words", { n: packet.n, time: timeOfDay(packet), from, to, flags: flagNames(packet.flags), length: packet.payload });
  return [words, packet.title, ...packet.lines].join("\n");
}
