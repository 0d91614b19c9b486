// Whose packets the wire shows: in a class each student's own, or everybody's where the
// teacher lets them be seen.

import { byId, element } from "../dom.js";
import { mark, t } from "../texts.js";

export class Scope {
  // changed is called when the reader has chosen.
  constructor(changed) {
    this.name = ""; // as the server says: "own", "all", or "" outside of a class
    this.wanted = "";
    byId("scope")?.addEventListener("change", () => {
      this.wanted = byId("scope").value;
      changed();
    });
  }

  // query is what asks the server for it.
  get query() {
    return this.wanted ? `&scope=${this.wanted}` : "";
  }

  // told takes the server's word, and tells whether other packets are shown from here.
  told({ scope = "", scopes = [], stage = "" }) {
    const other = scope !== this.name && this.name !== "";
    Object.assign(this, { name: scope, stage });
    if (!scopes.includes(this.wanted)) this.wanted = "";
    const select = byId("scope");
    if (!select) return other;
    byId("scope-label").hidden = scopes.length < 2;
    select.replaceChildren(...scopes.map((s) => mark(element("option", { value: s }), s === "own" ? "wire.scope.own" : "wire.scope.all")));
    select.value = scope;
    byId("only-mine").hidden = scope === "own"; // they all are
    return other;
  }

  // lines say it to the reader.
  lines() {
    if (!this.name) return [];
    const lines = [t(this.name === "own" ? "wire.own" : "wire.everybody", { stage: this.stage })];
    if (this.stage !== "host") lines.push(t("wire.relay"));
    return lines;
  }
}
