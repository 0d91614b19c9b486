// The ladder: a list of packets of which only those in sight are in the document,
// so that thousands cost no more than twenty. To the keyboard and to a screen
// reader it is a list box whose options say in words what the arrows show.

import { byId, element } from "../dom.js";
import { Following } from "../following.js";
import { language, t } from "../texts.js";
import { arrow } from "./arrow.js";
import { Lifelines, narrowest } from "./lifelines.js";
import { clientName, inWords, port, sinceBefore, timeOfDay } from "./words.js";

const height = 62; // of a row, as in the style sheet
const spare = 4; // rows kept above and below those in sight

// set writes an attribute that has changed; writing costs even where it has not.
function set(e, name, value) {
  if (e.getAttribute(name) !== String(value)) e.setAttribute(name, value);
}

export class Ladder {
  constructor(store, open) {
    this.store = store;
    this.open = open;
    this.box = byId("ladder");
    this.space = byId("ladder-space");
    this.head = byId("lifelines");
    this.lifelines = new Lifelines();
    this.rows = new Map(); // packet -> row
    this.selected = null;
    this.frame = 0;
    this.gone = 0; // of the packets that the store has dropped, those known here
    this.following = new Following(this.box, this.space, () => this.draw());
    this.box.addEventListener("keydown", (e) => this.key(e));
    this.box.addEventListener("click", (e) => {
      const row = e.target.closest(".packet");
      if (row) this.select(row.packet, true);
    });
    new ResizeObserver(() => {
      if (this.selected && this.isOpen) this.reveal();
      this.redraw();
    }).observe(this.box);
  }

  // draw brings the rows in sight up to date, once a frame at most.
  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  // redraw makes all rows anew: names, lifelines or the language have changed.
  redraw() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.draw();
  }

  drawNow() {
    const { shown } = this.store;
    const { box } = this;
    // Read before writing: what is read after is laid out anew for it.
    const view = box.clientHeight;
    const width = this.head.clientWidth;
    const tall = shown.length * height;
    const gone = this.store.gone - this.gone;
    this.gone = this.store.gone;
    // What the reader looks at stays where it is when packets before it go.
    if (gone > 0 && !this.following.on) this.following.put(Math.max(0, box.scrollTop - gone * height));
    const top = this.following.on ? Math.max(0, tall - view) : box.scrollTop;
    if (tall !== this.tall) this.space.style.height = `${tall}px`;
    this.tall = tall;
    if (this.following.on) this.following.toEnd();
    const first = Math.max(0, Math.floor(top / height) - spare);
    const last = Math.min(shown.length, Math.ceil((top + view) / height) + spare);
    const visible = shown.slice(first, last);
    this.chooseLifelines(visible, width);
    const wanted = new Set(visible);
    for (const [packet, row] of this.rows) {
      if (wanted.has(packet)) continue;
      row.remove();
      this.rows.delete(packet);
    }
    visible.forEach((packet, i) => {
      let row = this.rows.get(packet);
      if (!row) {
        row = this.row(packet);
        this.rows.set(packet, row);
        this.space.append(row);
      }
      const top = `${(first + i) * height}px`;
      if (row.style.top !== top) row.style.top = top;
      set(row, "aria-posinset", first + i + 1);
      set(row, "aria-setsize", shown.length);
    });
    this.mark();
  }

  chooseLifelines(visible, width) {
    this.lifelines.room = Math.max(1, Math.floor(width / narrowest) - 1);
    const mine = (conversation) => this.store.mine.has(conversation.id);
    this.lifelines.choose(new Set(visible.map((p) => p.conversation)), this.store.conversations, mine);
    const now = [language(), width, this.lifelines.others, ...this.lifelines.shown.map((conversation) => `${conversation.number} ${conversation.name} ${mine(conversation)}`)].join("\n");
    if (now === this.drawn) return; // as in almost every frame
    this.drawn = now;
    this.width = width;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    const names = this.lifelines.shown.map((conversation) =>
      element("span", { class: mine(conversation) ? "lifeline-name mine" : "lifeline-name", title: clientName(conversation) },
        element("bdi", {}, conversation.name || port(conversation.client)), element("small", {}, mine(conversation) ? t("wire.mine") : conversation.name ? port(conversation.client) : "")));
    if (this.lifelines.others) names.unshift(element("span", { class: "lifeline-name" }, t("wire.others", { n: this.lifelines.others })));
    const server = this.lifelines.shown[0]?.server;
    if (server) names.push(element("span", { class: "lifeline-name server" }, t("wire.server.short"), element("small", {}, port(server))));
    this.head.replaceChildren(...names);
  }

  row(packet) {
    const mine = this.store.isMine(packet);
    const row = element("div", { class: `packet${mine ? " mine" : ""}`, role: "option", id: `packet-${packet.n}`, "aria-selected": "false" },
      element("span", { class: "hidden" }, inWords(packet, mine)),
      element("span", { class: "when", "aria-hidden": "true" }, element("b", {}, packet.n), element("span", {}, timeOfDay(packet).slice(0, -3)), element("small", {}, sinceBefore(packet))),
      element("span", { class: "rungs", "aria-hidden": "true" }, arrow(packet, this.lifelines, this.width, height, mine)),
      element("span", { class: "comment", "aria-hidden": "true" }, element("b", {}, packet.title.split(" · ")[0]), element("span", {}, packet.lines[0] ?? "")));
    row.packet = packet;
    return row;
  }

  mark() {
    for (const [packet, row] of this.rows) {
      const is = packet === this.selected;
      row.classList.toggle("selected", is);
      set(row, "aria-selected", is);
    }
    const row = this.rows.get(this.selected);
    if (row) set(this.box, "aria-activedescendant", row.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  select(packet, open) {
    this.selected = packet;
    this.reveal();
    this.drawNow();
    if (open) this.open(packet);
  }

  // reveal scrolls the selected packet into sight.
  reveal() {
    const at = this.store.shown.indexOf(this.selected);
    if (at < 0) return;
    this.following.set(false);
    const top = at * height;
    if (top < this.box.scrollTop) this.following.put(top);
    else if (top + height > this.box.scrollTop + this.box.clientHeight) this.following.put(top + height - this.box.clientHeight);
  }

  key(e) {
    const { shown } = this.store;
    if (!shown.length) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / height) - 1);
    const at = shown.indexOf(this.selected);
    const to = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? shown.length - 1 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1,
    }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      const packet = shown[Math.max(0, Math.min(shown.length - 1, to))];
      this.select(packet, this.isOpen);
      if (e.key === "End" && !this.isOpen) {
        this.following.set(true);
        this.draw();
      }
    } else if ((e.key === "Enter" || e.key === " ") && this.selected) {
      e.preventDefault();
      this.select(this.selected, true);
    }
  }
}
