// The handshake's HTTP (RFC 9112, RFC 6455 §4): a line, then header fields.

import { field, text } from "./field.js";

const known = {
  "host": "http.host", "upgrade": "http.upgrade", "connection": "http.connection", "origin": "http.origin",
  "user-agent": "http.agent", "sec-websocket-key": "http.key", "sec-websocket-version": "http.version",
  "sec-websocket-accept": "http.accept", "sec-websocket-extensions": "http.extensions", "cookie": "http.cookie",
};

// What a response's status says; others share a text.
const statuses = {
  101: "http.response.101", 200: "http.response.200", 400: "http.response.400",
  403: "http.response.403", 426: "http.response.426", 503: "http.response.503",
};

export function httpLayer(unit, bytes) {
  const from = unit.at;
  const to = Math.min(from + unit.size, bytes.length);
  const fields = [];
  const isResponse = unit.kind === "response";
  let [begun, status, name] = [false, "", ""];
  for (let at = from; at < to;) {
    let end = bytes.indexOf(10, at);
    end = end < 0 || end >= to ? to : end + 1;
    const line = text(bytes.subarray(at, end)).replace(/\r?\n$/, "");
    if (!/^[ \t]/.test(line)) name = line.split(":", 1)[0].toLowerCase(); // else it goes on with the field before
    if (!begun && line !== "") {
      begun = true;
      if (isResponse) status = line.split(/ +/)[1];
      fields.push(field(isResponse ? "http.response" : "http.request", line, at, end - at, { is: isResponse ? statuses[status] : undefined }));
    } else if (!begun) fields.push(field("http.field", line, at, end - at));
    else if (line === "") {
      const then = status === "101" ? "http.end.frames" : "http.end.body";
      fields.push(field("http.end", line, at, end - at, { is: isResponse ? then : undefined }));
    } else fields.push(field(known[name] ?? "http.field", line, at, end - at));
    at = end;
  }
  return { key: `layer.${unit.kind}`, kind: "app", from, to, fields };
}
