// The steps of the scenario as far as the wire has shown them: to the eye a sign, to a
// screen reader a word.

import { element } from "./dom.js";
import { has, t } from "./texts.js";

export const signs = { found: "✓", different: "!", missing: "–" };

// ids are the steps in their order; a server that has seen nothing of somebody names none.
const ids = ["tcp-handshake", "upgrade", "login", "members", "login-broadcast", "say", "say-broadcast"];

// whole gives a state for every step.
export const whole = (steps) => steps?.length ? steps : ids.map((id) => ({ id, status: "missing" }));

// stepName names a step, statusName what became of it.
export const stepName = (id) => has(`step.${id}`) ? t(`step.${id}`) : id;
export const statusName = (status) => has(`status.${status}`) ? t(`status.${status}`) : status;

// sign gives a status as its sign with its word.
export const sign = (status) => element("span", { class: "sign", title: statusName(status) },
  element("span", { "aria-hidden": "true" }, signs[status] ?? "?"), element("span", { class: "hidden" }, statusName(status)));

// stepItem gives a step as an item of a list.
export const stepItem = ({ id, status }) =>
  element("li", { class: "step", "data-status": status }, sign(status), " ", stepName(id));

export const found = (steps) => steps.filter(({ status }) => status === "found").length;
