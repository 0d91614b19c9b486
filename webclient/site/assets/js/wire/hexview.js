// The bytes of a packet, sixteen a line, with their characters. Fields light up
// here, and a byte shows the field that it belongs to.

import { element } from "../dom.js";
import { t } from "../texts.js";
import { hexByte } from "../dissect/field.js";

const most = 4096; // bytes shown; a file has them all

export class HexView {
  // pick is called with a byte's offset.
  constructor(box, pick) {
    Object.assign(this, { box, pick, bytes: [], chars: [], at: 0 });
    box.addEventListener("click", (e) => e.target.dataset.at && this.go(Number(e.target.dataset.at)));
    box.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 16, ArrowUp: -16 }[e.key];
      if (!step) return;
      e.preventDefault();
      const to = this.at + step;
      if (to >= 0 && to < this.bytes.length) this.go(to);
    });
  }

  go(at) {
    this.pick(at);
    this.at = at; // lighting the field up has moved it to the field's start
  }

  show(bytes, layers) {
    this.bytes = [];
    this.chars = [];
    this.at = 0;
    const kind = new Array(Math.min(bytes.length, most));
    for (const layer of layers) kind.fill(layer.kind, layer.from, layer.to);
    const lines = [];
    for (let from = 0; from < kind.length; from += 16) {
      const hexes = element("span", { class: "hexes" });
      const chars = element("span", { class: "chars" });
      for (let i = from; i < Math.min(from + 16, kind.length); i++) {
        const b = bytes[i];
        const one = element("span", { class: `byte ${kind[i] ?? ""}`, "data-at": i }, hexByte(b));
        const char = element("span", { class: "char", "data-at": i }, b > 31 && b < 127 ? String.fromCharCode(b) : ".");
        this.bytes.push(one);
        this.chars.push(char);
        hexes.append(one);
        chars.append(char);
      }
      lines.push(element("div", { class: "hexline" }, element("span", { class: "offset" }, from.toString(16).padStart(4, "0")), hexes, chars));
    }
    if (bytes.length > most) lines.push(element("p", { class: "why" }, t("wire.rest", { n: bytes.length - most })));
    this.box.replaceChildren(...lines);
    this.lit = [0, 0];
  }

  light(from, to) {
    if (from === this.lit[0] && to === this.lit[1]) return;
    const set = (on) => {
      for (let i = this.lit[0]; i < Math.min(this.lit[1], this.bytes.length); i++) {
        this.bytes[i].classList.toggle("lit", on);
        this.chars[i].classList.toggle("lit", on);
      }
    };
    set(false);
    this.lit = [from, to];
    set(true);
    if (to > from && this.bytes[from]) {
      this.at = from;
      // Only this box scrolls, never the page around it.
      const line = this.bytes[from].closest(".hexline");
      const top = line.offsetTop - this.box.offsetTop;
      if (top < this.box.scrollTop || top + line.offsetHeight > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top - 40;
    }
  }
}
