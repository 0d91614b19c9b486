// The handshake's HTTP (RFC 9112, RFC 6455 §4): a line, then header fields.

import { field, text } from "./field.js";

const known = {
  "host": "http.host", "upgrade": "http.upgrade", "connection": "http.connection", "origin": "http.origin",
  "user-agent": "http.agent", "sec-websocket-key": "http.key", "sec-websocket-version": "http.version",
  "sec-websocket-accept": "http.accept", "sec-websocket-extensions": "http.extensions", "cookie": "http.cookie",
};

export function httpLayer(unit, bytes) {
  const from = unit.at;
  const to = Math.min(from + unit.size, bytes.length);
  const fields = [];
  for (let at = from; at < to;) {
    let end = bytes.indexOf(10, at);
    end = end < 0 || end >= to ? to : end + 1;
    const line = text(bytes.subarray(at, end)).replace(/\r?\n$/, "");
    const name = line.split(":", 1)[0].toLowerCase();
    const first = at === from;
    fields.push(field(first ? `http.${unit.kind}` : line === "" ? "http.end" : known[name] ?? "http.field", line, at, end - at));
    at = end;
  }
  return { key: `layer.${unit.kind}`, kind: "app", from, to, fields };
}
