// An opened packet: comment, layers and fields, bytes, and for masked frames the
// unmasking.

import { byId, element } from "../dom.js";
import { has, label, t } from "../texts.js";
import { bytesOf, dissect } from "../dissect/packet.js";
import { frameBytes, parseFrame } from "../dissect/websocket.js";
import { hex } from "../dissect/field.js";
import { HexView } from "./hexview.js";
import { Unmasking } from "./unmask.js";

export class Detail {
  constructor(closed) {
    this.box = byId("opened");
    this.packet = null;
    this.hex = new HexView(byId("hex"), (at) => this.pick(at));
    byId("opened-close").addEventListener("click", () => {
      this.hide();
      closed();
    });
    this.box.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      this.hide();
      closed();
    });
  }

  hide() {
    this.packet = null;
    this.unmasking?.stop();
    this.box.hidden = true;
  }

  show(packet) {
    const again = this.packet === packet;
    this.packet = packet;
    this.unmasking?.stop();
    const bytes = bytesOf(packet);
    const layers = dissect(packet, bytes);
    this.bytes = bytes;
    byId("opened-title").textContent = t("wire.packet", { n: packet.n });
    byId("opened-comment").replaceChildren(element("p", {}, element("b", {}, packet.title)), ...packet.lines.map((l) => element("p", {}, l)));
    this.chosen = null;
    this.fields = []; // {field, button}, the most precise last
    byId("layers").replaceChildren(...layers.map((l) => this.layer(l)));
    this.hex.show(bytes, layers);
    byId("field-says").replaceChildren(element("p", { class: "why" }, t("wire.choose")));
    const masked = (packet.units ?? []).filter((u) => u.kind === "frame").map((u) => parseFrame(frameBytes(u, bytes))).filter((f) => f.masked && f.raw.length > 0);
    byId("unmask").replaceChildren();
    byId("unmask-section").hidden = masked.length === 0;
    if (masked.length) this.unmasking = new Unmasking(byId("unmask"), masked);
    this.box.hidden = false;
    if (!again) this.box.scrollTop = 0;
  }

  layer(layer) {
    const list = element("ul", {});
    const add = (f, depth) => {
      // pointermove and not pointerenter, which comes also when the list scrolls
      // below a pointer that rests.
      const button = element("button", { type: "button", class: "field", onclick: () => this.choose(f), onfocus: () => this.choose(f), onpointermove: () => this.hex.light(f.from, f.to), onpointerleave: () => this.chosen && this.hex.light(this.chosen.from, this.chosen.to) },
        element("span", { class: "field-name" }, t(f.key)), " ", element("span", { class: "field-value" }, f.value));
      button.style.setProperty("--depth", depth);
      this.fields.push({ field: f, button });
      list.append(element("li", {}, button));
      for (const child of f.fields ?? []) add(child, depth + 1);
    };
    for (const f of layer.fields) add(f, 0);
    return element("details", { open: true, class: `layer ${layer.kind}` }, element("summary", {}, t(layer.key, layer.args)), list);
  }

  // choose lights up a field's bytes and says what it is.
  choose(f) {
    this.chosen = f;
    this.hex.light(f.from, f.to);
    for (const x of this.fields) x.button.classList.toggle("chosen", x.field === f);
    const part = this.bytes.subarray(f.from, f.to);
    const says = [element("p", {}, element("b", {}, t(f.key)), f.value ? t("wire.colon") + f.value : "")];
    if (part.length > 0 && part.length <= 16) says.push(element("p", { class: "bits" }, `${hex(part)}  `, part.length <= 4 ? this.bits(part, f.mask) : null));
    const is = `${f.is ?? f.key}.is`;
    if (has(is)) says.push(element("p", {}, f.also ? `${t(is)} ${t(f.also)}` : t(is)));
    byId("field-says").replaceChildren(...says);
  }

  // bits shows bytes as bits, those of the field apart from the others.
  bits(part, mask) {
    const all = [...part].map((b) => b.toString(2).padStart(8, "0")).join("");
    const own = mask === undefined ? "1".repeat(all.length) : mask.toString(2).padStart(all.length, "0");
    return element("span", { class: "pattern" }, ...[...all].map((b, i) =>
      element("span", { class: `${own[i] === "1" ? "own" : "other"}${i % 8 === 0 && i ? " gap" : ""}` }, own[i] === "1" ? b : "·")));
  }

  // pick finds the most precise field of a byte.
  pick(at) {
    let best = null;
    for (const x of this.fields) {
      const { from, to } = x.field;
      if (at >= from && at < to && (!best || to - from < best.field.to - best.field.from)) best = x;
    }
    if (!best) return;
    best.button.closest("details").open = true;
    this.choose(best.field);
    best.button.scrollIntoView({ block: "nearest" });
  }
}
