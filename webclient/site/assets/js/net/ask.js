// What a page asks of its own server. Whatever fails is an error of one line that a
// reader can be shown.

import { language, t } from "../texts.js";

const patience = 60000;

// address is where a request goes: below any path that a proxy puts before the page.
export function address(path, query = {}) {
  return `${path}?${new URLSearchParams({ lang: language(), ...query })}`;
}

// reason gives the line for an answer that is none of those wanted: the server's own, or
// one that says its status. 0 is no answer.
export function reason(status, body) {
  if (status === 0) return t("desk.away");
  try {
    const { error } = JSON.parse(body);
    if (typeof error === "string" && error !== "") return error;
  } catch {
    // a proxy answers, not our server
  }
  return t("desk.failed", { status });
}

// post sends an object, or nothing, and gives the object that is answered, or null.
export async function post(path, body) {
  let status = 0;
  let text = "";
  try {
    const answer = await fetch(address(path), {
      method: "POST", cache: "no-store", signal: AbortSignal.timeout(patience),
      ...body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    });
    text = await answer.text();
    status = answer.status;
  } catch {
    // the server is away, or was in the middle of its answer
  }
  if (status >= 200 && status < 300) return text === "" ? null : JSON.parse(text);
  throw new Error(reason(status, text));
}

// available throws what a reader is told if a file cannot be had.
export async function available(path) {
  let status = 0;
  let text = "";
  try {
    const options = { cache: "no-store", signal: AbortSignal.timeout(patience) };
    if ((await fetch(address(path), { ...options, method: "HEAD" })).ok) return;
    const answer = await fetch(address(path), options); // a HEAD's answer has no words
    if (answer.ok) return;
    status = answer.status;
    text = await answer.text();
  } catch {
    // the server is away
  }
  throw new Error(reason(status, text));
}

// upload sends a file with its name, tells progress(sent, of) in bytes, and gives the
// object that is answered. The abort of signal ends it with null.
export function upload(path, file, progress, signal) {
  return new Promise((resolve, reject) => {
    // fetch does not say how far it is.
    const request = new XMLHttpRequest();
    request.open("POST", address(path, { name: file.name }));
    request.upload.addEventListener("progress", (e) => progress(e.loaded, e.total));
    request.addEventListener("loadend", () => {
      const { status, responseText } = request;
      if (signal.aborted) resolve(null);
      else if (status >= 200 && status < 300) resolve(JSON.parse(responseText));
      else reject(new Error(reason(status, responseText)));
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
