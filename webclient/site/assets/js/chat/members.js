// Who is in the room, and whom the next message is for.

import { byId, element } from "../dom.js";
import { label, mark, onLanguage, t } from "../texts.js";
import { badge } from "./log.js";

const list = byId("members");
const to = byId("to");
const everyone = element("option", { value: "all" });
to.append(everyone);

export class Members {
  constructor() {
    this.me = null;
    this.byId = new Map();
    onLanguage(() => {
      everyone.textContent = t("everyone");
      this.count();
    });
  }

  reset(me, members) {
    const target = to.value;
    const targetName = this.byId.get(target)?.name;
    this.me = me;
    this.byId = new Map();
    list.replaceChildren();
    to.replaceChildren(everyone);
    for (const { id, name } of members) this.set(id, name);
    // After a reconnect the same person may have another id.
    to.value = this.byId.has(target) ? target : this.find(targetName) ?? "all";
    this.count();
  }

  // set adds a member or changes its name, and gives the name it had before.
  set(id, name) {
    const before = this.byId.get(id);
    const chosen = to.value === id;
    before?.item.remove();
    before?.option?.remove();
    const mine = id === this.me;
    // An option's text loses its spaces (HTML, "strip and collapse ASCII whitespace"), its label does not.
    const option = mine ? null : element("option", { value: id, label: name });
    const shown = element("bdi", {}, name);
    const item = element("li", { class: mine ? "me" : null },
      mine ? element("span", { class: "member" }, badge(name), shown, mark(element("span", { class: "you" }), "you"))
        : label(element("button", { type: "button", class: "member", onclick: () => this.choose(id) }, badge(name), shown), "write", { name }));
    this.byId.set(id, { name, item, option });
    if (mine) list.prepend(item);
    else list.append(item);
    if (option) {
      to.append(option);
      if (chosen) to.value = id;
    }
    this.count();
    return before?.name;
  }

  remove(id) {
    const m = this.byId.get(id);
    if (!m) return;
    this.byId.delete(id);
    m.item.remove();
    m.option?.remove();
    if (to.value === "") to.value = "all";
    this.count();
  }

  choose(id) {
    to.value = id;
    byId("members-popover").hidePopover?.();
    byId("message").focus();
  }

  name(id) {
    return this.byId.get(id)?.name;
  }

  find(name) {
    for (const [id, m] of this.byId) if (m.name === name && id !== this.me) return id;
    return null;
  }

  get target() {
    return to.value || "all";
  }

  count() {
    byId("members-count").textContent = t("members.count", { n: this.byId.size });
  }
}
