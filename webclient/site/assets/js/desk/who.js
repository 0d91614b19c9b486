// The dialogue in which a student says who of the class list they are.

import { byId, element } from "../dom.js";
import { mark } from "../texts.js";

// So many are looked through at a glance.
const few = 12;

// plain is a text as it is searched: case and accents do not count.
export const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export class Who {
  // choose is called with an id and throws what a reader is told; skip when the
  // student is none of the list.
  constructor(choose, skip) {
    Object.assign(this, { dialog: byId("who"), list: byId("who-list"), search: byId("who-search"), buttons: new Map(), choose });
    this.search.addEventListener("input", () => this.filter());
    // Enter takes the only one that is left.
    this.search.addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      const left = [...this.buttons.values()].filter((b) => !b.parentElement.hidden);
      if (left.length === 1) left[0].click();
    });
    this.dialog.addEventListener("close", () => this.dialog.open || this.dialog.returnValue === "chosen" || skip());
  }

  // ask shows the list, or brings it up to date: those who were there keep their
  // buttons, so that the focus stays where it is.
  ask(students) {
    this.search.hidden = students.length <= few;
    const seen = new Set(students.map(({ id }) => id));
    for (const [id, button] of this.buttons) {
      if (seen.has(id)) continue;
      button.parentElement.remove();
      this.buttons.delete(id);
    }
    for (const { id, taken } of students) {
      let button = this.buttons.get(id);
      if (!button) {
        button = element("button", { type: "button", class: "student", onclick: () => this.take(id) },
          element("bdi", {}, id), mark(element("span", { class: "taken" }), "who.taken"));
        this.buttons.set(id, button);
        this.list.append(element("li", {}, button));
      }
      button.lastElementChild.hidden = !taken;
    }
    this.filter();
    if (this.dialog.open) return;
    byId("who-says").textContent = "";
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  async take(id) {
    try {
      await this.choose(id);
    } catch (e) {
      byId("who-says").textContent = e.message;
      return;
    }
    this.close();
  }

  close() {
    if (this.dialog.open) this.dialog.close("chosen");
  }

  filter() {
    const wanted = plain(this.search.hidden ? "" : this.search.value.trim());
    let n = 0;
    for (const [id, button] of this.buttons) {
      const fits = plain(id).includes(wanted);
      button.parentElement.hidden = !fits;
      n += fits;
    }
    byId("who-none").hidden = n > 0;
  }
}
