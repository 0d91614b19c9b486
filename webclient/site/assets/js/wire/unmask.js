// Unmasking, step by step (RFC 6455 §5.3): the two header bytes, the length, the
// key, then each byte of the payload XOR its byte of the key, and the text grows.

import { element } from "../dom.js";
import { t } from "../texts.js";
import { hexByte } from "../dissect/field.js";
import { opcodes } from "../dissect/websocket.js";

const binary = (b) => b.toString(2).padStart(8, "0");

export class Unmasking {
  // frames are the masked frames of a packet; one is shown at a time.
  constructor(box, frames) {
    this.box = box;
    this.frames = frames;
    this.timer = null;
    const button = (id, text, act) => element("button", { type: "button", id, class: "quiet", onclick: act }, text);
    this.range = element("input", { type: "range", min: 0, value: 0, id: "unmask-at", "aria-label": t("unmask.step"), oninput: () => this.go(Number(this.range.value)) });
    this.play = button("unmask-play", t("unmask.play"), () => (this.timer ? this.stop() : this.start()));
    this.says = element("div", { class: "unmask-says", role: "status" });
    this.text = element("p", { class: "unmask-text", id: "unmask-text" });
    const choice = frames.length > 1
      ? element("select", { "aria-label": t("unmask.frame"), onchange: (e) => this.frame(Number(e.target.value)) }, ...frames.map((_, i) => element("option", { value: i }, i + 1)))
      : null;
    box.append(
      element("div", { class: "unmask-tools" }, choice,
        button("unmask-back", t("unmask.back"), () => this.go(this.at - 1)), button("unmask-next", t("unmask.next"), () => this.go(this.at + 1)),
        this.play, button("unmask-all", t("unmask.all"), () => this.go(this.last)), this.range),
      this.says, this.text);
    this.frame(0);
  }

  frame(i) {
    this.stop();
    this.f = this.frames[i];
    this.heads = ["opcode", "length7", ...(this.f.extended ? ["length"] : []), "key"];
    this.last = this.heads.length + this.f.raw.length - 1;
    this.range.max = this.last;
    this.go(0);
  }

  start() {
    if (this.at === this.last) this.go(0);
    this.play.textContent = t("unmask.stop");
    this.timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at === this.last) this.stop();
    }, 400);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = t("unmask.play");
  }

  go(at) {
    this.at = Math.max(0, Math.min(this.last, at));
    this.range.value = this.at;
    const i = this.at - this.heads.length;
    this.range.setAttribute("aria-valuetext", i < 0 ? t(`unmask.${this.heads[this.at]}.name`) : t("unmask.byte.name", { n: i + 1, of: this.f.raw.length }));
    this.says.replaceChildren(...(i < 0 ? this.head(this.heads[this.at]) : this.byte(i)));
    this.grow(i + 1);
  }

  head(which) {
    const f = this.f;
    const first = (f.fin ? 128 : 0) | f.rsv << 4 | f.opcode;
    const row = (value, parts) => element("p", { class: "pattern" }, `${hexByte(value)}  `, ...parts);
    const own = (s) => element("span", { class: "own" }, s);
    const other = (s) => element("span", { class: "other" }, s);
    switch (which) {
      case "opcode": {
        const b = binary(first);
        return [row(first, [own(b[0]), " ", other(b.slice(1, 4)), " ", own(b.slice(4))]),
          element("p", {}, t("unmask.opcode", { fin: f.fin ? 1 : 0, opcode: f.opcode, name: t(`opcode.${opcodes[f.opcode] ?? "reserved"}`) }))];
      }
      case "length7": {
        const b = binary(128 | f.short);
        return [row(128 | f.short, [own(b[0]), " ", own(b.slice(1))]), element("p", {}, t(f.extended ? "unmask.length7.more" : "unmask.length7", { short: f.short, bytes: f.extended }))];
      }
      case "length":
        return [element("p", {}, t("unmask.length", { bytes: f.extended, length: f.length }))];
    }
    return [this.keyBoxes(-1), element("p", {}, t("unmask.key", { key: [...f.key].map(hexByte).join(" ") }))];
  }

  keyBoxes(now) {
    return element("p", { class: "key-boxes", "aria-hidden": "true" }, ...[...this.f.key].map((k, i) => element("span", { class: i === now ? "now" : null }, hexByte(k))));
  }

  byte(i) {
    const { key, raw, payload } = this.f;
    const k = key[i % 4];
    const char = payload[i] > 32 && payload[i] < 127 ? String.fromCharCode(payload[i]) : payload[i] === 32 ? "␠" : "·";
    const row = (name, value, more, kind) => element("tr", { class: kind }, element("th", { scope: "row" }, name), element("td", {}, hexByte(value)), element("td", {}, binary(value)), element("td", {}, more));
    return [
      this.keyBoxes(i % 4),
      element("table", { class: "xor", "aria-hidden": "true" }, element("tbody", {},
        row(t("unmask.row.masked", { n: i + 1 }), raw[i], "", null), row(t("unmask.row.key", { n: i % 4 + 1 }), k, "XOR", null), row(t("unmask.row.result"), payload[i], char, "result"))),
      element("p", { class: "hidden" }, t("unmask.byte", { n: i + 1, of: raw.length, masked: hexByte(raw[i]), j: i % 4 + 1, key: hexByte(k), result: hexByte(payload[i]), char })),
    ];
  }

  // grow shows the text of the first n bytes and dots for the masked rest. Half a
  // character waits for its other bytes.
  grow(n) {
    n = Math.max(0, n);
    const whole = this.at === this.last;
    const clear = new TextDecoder().decode(this.f.payload.subarray(0, n), { stream: !whole });
    const rest = this.f.raw.length - n;
    this.text.replaceChildren(element("span", { class: "clear" }, clear), element("span", { class: "still-masked", "aria-hidden": "true" }, "•".repeat(Math.min(rest, 400))));
  }
}
