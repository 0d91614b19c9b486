// Links in a text: only http and https, only as whole addresses. All else, also
// javascript: and data:, stays words.

import { element } from "../dom.js";

const address = /https?:\/\/[^\s<>"'`{}|\\^\u0000-\u0020\u3000-\u303f\uff00-\uffef]+/giu;

// linked gives a text as nodes: text nodes and links.
export function linked(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const shown = trim(match[0]);
    const url = parse(shown);
    if (!url) continue;
    nodes.push(text.slice(at, match.index));
    // What is shown is what was written; where it leads is what the browser
    // makes of it. noopener: the opened page must not reach this one.
    nodes.push(element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, shown));
    at = match.index + shown.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((n) => n !== "");
}

// trim leaves out what ends a sentence rather than an address.
function trim(s) {
  s = s.replace(/[.,;:!?…。，；：！？]+$/u, "");
  while (s.endsWith(")") && s.split(")").length > s.split("(").length) s = s.slice(0, -1);
  return s.replace(/[.,;:!?]+$/u, "");
}

function parse(s) {
  try {
    const url = new URL(s);
    return /^https?:$/.test(url.protocol) && url.hostname !== "" ? url : null;
  } catch {
    return null;
  }
}
