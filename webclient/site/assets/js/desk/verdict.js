// The verdict on what was handed in, as lab check gives it: step by step what was
// expected and what was found, and what to do.

import { byId, element } from "../dom.js";
import { mark } from "../texts.js";
import { found, sign, statusName, stepName } from "../steps.js";

const lines = (texts) => (texts ?? []).map((text) => element("p", { class: "note" }, text));

// ranges writes numbers that follow each other as one: 16–18, 21.
export function ranges(numbers) {
  const all = [];
  for (const n of numbers) {
    if (all.at(-1)?.to === n - 1) all.at(-1).to = n;
    else all.push({ from: n, to: n });
  }
  return all.map(({ from, to }) => from === to ? from : `${from}–${to}`).join(", ");
}

function step({ id, status, packets, expected, got, notes }) {
  const said = (key, text) => text ? [mark(element("dt"), key), element("dd", {}, text)] : [];
  return element("li", { class: "judged", "data-status": status },
    element("p", { class: "judged-head" }, sign(status), " ", element("b", {}, stepName(id)), " ",
      element("span", { class: "word", "aria-hidden": "true" }, statusName(status)), " ",
      packets?.length ? mark(element("span", { class: "packets" }), "verdict.packets", { n: packets.length, list: ranges(packets) }) : null),
    element("dl", {}, ...status === "found" ? [] : said("verdict.expected", expected), ...said("verdict.got", got)),
    ...lines(notes));
}

// showVerdict shows what a hand-in was answered.
export function showVerdict({ report, stored }) {
  const steps = report.steps ?? [];
  mark(byId("verdict-title"), "verdict.title", { n: found(steps), of: steps.length });
  byId("verdict-body").replaceChildren(
    report.advice ? element("section", { class: "advice" }, mark(element("h3"), "verdict.advice"), element("p", {}, report.advice))
      : report.ok ? mark(element("p", { class: "ok" }), "verdict.ok") : "",
    element("ol", { class: "judgement" }, ...steps.map(step)),
    ...lines(report.notes));
  mark(byId("verdict-stored"), "verdict.stored", { name: stored });
  const dialog = byId("verdict");
  if (!dialog.open) dialog.showModal();
  byId("verdict-body").scrollTop = 0;
}

// showTries says how often something was handed in, and what is best.
export function showTries(text) {
  byId("verdict-tries").textContent = text;
}
