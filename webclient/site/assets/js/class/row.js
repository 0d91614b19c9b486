// One student's row. It is written to only where something has changed.

import { element } from "../dom.js";
import { sign, stepName } from "../steps.js";
import { language, t } from "../texts.js";

const presences = { connected: "●", page: "◐", absent: "○" };

const hidden = (text) => element("span", { class: "hidden" }, text);
const shown = (text) => element("span", { "aria-hidden": "true" }, text);

export class Row {
  // number stands for the student where no names are shown.
  constructor(number, give) {
    Object.assign(this, { number, give, drawn: {} });
    const cell = (kind) => element("td", { class: kind, role: "cell" });
    this.who = element("th", { scope: "row", class: "who", role: "rowheader" });
    this.steps = Array.from({ length: 7 }, () => cell("at"));
    this.cells = Object.fromEntries(["heard", "handed", "seen", "where"].map((kind) => [kind, cell(kind)]));
    this.mute = element("button", { type: "button", class: "quiet", onclick: () => give("class/mute", { seat: this.view.seat, muted: !this.view.muted }) });
    this.release = element("button", { type: "button", class: "quiet", onclick: () => give("class/release", { seat: this.view.seat }) });
    this.line = element("tr", { role: "row" }, this.who, ...this.steps, ...Object.values(this.cells),
      element("td", { class: "acts", role: "cell" }, this.mute, this.release));
  }

  // change calls write if what it writes is not what stands there.
  change(name, value, write) {
    const now = JSON.stringify([language(), value]);
    if (this.drawn[name] === now) return;
    this.drawn[name] = now;
    write();
  }

  draw(view) {
    this.view = view;
    const { id, nick, wrong, wanted, address, presence, muted, heard, handed, seen, step, stuck, here, done } = view;
    this.change("line", [presence, stuck !== "", done], () => {
      Object.assign(this.line.dataset, { presence, stuck: stuck !== "", done });
    });
    this.change("who", [id, nick, wrong, wanted, address, presence, muted], () => {
      this.who.title = [id, nick, address].filter(Boolean).join(" · "); // where they are cut short
      this.who.replaceChildren(
        element("span", { class: "presence", title: t(`presence.${presence}`) }, shown(presences[presence]), hidden(t(`presence.${presence}`))), " ",
        element("b", { class: "number" }, this.number), element("bdi", { class: "id" }, id),
        muted ? element("span", { class: "muted" }, t("class.muted")) : "",
        element("span", { class: "nick" }, nick ? element("bdi", {}, nick) : "", wrong ? " " : "", wrong ? element("span", { class: "wrong" }, t("class.wrong", { name: wanted })) : ""));
    });
    view.steps.forEach(({ status }, i) => this.change(`step ${i}`, status, () => {
      this.steps[i].dataset.status = status;
      this.steps[i].replaceChildren(sign(status));
    }));
    const text = (name, value) => this.change(name, value, () => (this.cells[name].textContent = value));
    text("heard", String(heard));
    text("handed", handed ? t("class.handed.of", { found: handed.found, of: handed.of, n: handed.files }) : "–");
    text("seen", seen);
    this.change("where", [step, stuck, here, done], () => this.cells.where.replaceChildren(
      stuck ? element("b", { class: "stuck" }, "⚠ ", element("span", { class: "word" }, `${t("class.stuckword")} `), stuck) : "",
      element("span", { class: "where-step" }, !here ? t("presence.absent") : done ? t("class.all") : step ? stepName(step) : "–")));
    this.change("acts", [id, muted, view.seat, view.named], () => {
      this.mute.hidden = !view.seat;
      this.release.hidden = !view.named;
      this.mute.replaceChildren(t(muted ? "class.unmute" : "class.mute"), hidden(` ${id}`));
      this.release.replaceChildren(t("class.release"), hidden(` ${id}`));
      this.release.title = t("class.release.is");
    });
  }
}
