// The list of messages. Every text is set as text; only links become elements.

import { byId, element } from "../dom.js";
import { Following } from "../following.js";
import { mark, t } from "../texts.js";
import { hue, initial } from "./colour.js";
import { linked } from "./links.js";

const box = byId("messages");
const list = byId("said");
const newest = byId("to-newest");
// A lesson's worth; a browser is not an archive.
const most = 3000;

const following = new Following(box, list, () => {
  if (following.on) newest.hidden = true;
});
const toEnd = () => {
  newest.hidden = true;
  following.toEnd();
};
newest.addEventListener("click", toEnd);
// The key scrolls to where the end is now; when it arrives there may be more.
box.addEventListener("keydown", (e) => e.key === "End" && toEnd());

function add(item) {
  byId("empty").hidden = true;
  list.append(item);
  while (list.childElementCount > most) {
    if (!list.firstElementChild.classList.contains("older")) {
      list.prepend(mark(element("div", { class: "event older" }), "older"));
    }
    list.children[1].remove();
  }
  if (!following.on) newest.hidden = false;
  return item;
}

export function clearMessages() {
  list.replaceChildren();
  byId("empty").hidden = false;
  toEnd();
}

const clock = (time) => String(time ?? "").split(" ").pop();

function coloured(e, name) {
  e.style.setProperty("--hue", hue(name));
  return e;
}

export const badge = (name) => coloured(element("span", { class: "badge", "aria-hidden": "true" }, initial(name)), name);

// said shows a message. kind is "" for one to all, "from" and "to" for a private
// one that we got or sent; other is then whom we wrote to.
export function said({ from, mine, kind, other, text, time }) {
  const head = element("p", { class: "head" },
    coloured(element("bdi", { class: "name" }, from), from),
    mine ? mark(element("span", { class: "you" }), "you") : null,
    kind ? mark(element("span", { class: "private" }), `private.${kind}`, kind === "to" ? { name: other } : undefined) : null,
    element("time", { title: time }, clock(time)));
  add(element("div", { class: `message${mine ? " mine" : ""}${kind ? " whispered" : ""}` },
    badge(from), element("div", { class: "bubble" }, head, element("p", { class: "text", dir: "auto" }, ...linked(text)))));
  if (mine) toEnd();
}

// event shows what happened: who came and went, and what became of the
// connection.
export function event(key, args, time) {
  add(element("div", { class: "event" }, mark(element("span"), key, args), time ? element("time", { title: time }, clock(time)) : null));
}

// pending shows a message that has not been delivered, and why. Its buttons are
// [key, action] pairs; each removes it.
export function pending(me, text, key, args, buttons = []) {
  const item = element("div", { class: "message mine pending" }, badge(me),
    element("div", { class: "bubble" },
      element("p", { class: "text", dir: "auto" }, ...linked(text)),
      mark(element("p", { class: "why" }), key, args),
      ...buttons.map(([name, act]) => mark(element("button", {
        type: "button", class: "wordy", onclick: () => {
          item.remove();
          act();
        },
      }), name))));
  return add(item);
}
