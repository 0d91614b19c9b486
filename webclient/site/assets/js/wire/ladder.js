// The ladder: a list of packets of which only those in sight are in the document,
// so that thousands cost no more than twenty. To the keyboard and to a screen
// reader it is a list box whose options say in words what the arrows show.

import { byId, element } from "../dom.js";
import { Following } from "../following.js";
import { language, t } from "../texts.js";
import { arrow } from "./arrow.js";
import { Lanes, narrowest } from "./lanes.js";
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
    this.head = byId("lanes");
    this.lanes = new Lanes();
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

  // redraw makes all rows anew: names, lanes or the language have changed.
  redraw() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.draw();
  }

  drawNow() {
    const { seen } = this.store;
    const { box } = this;
    // Read before writing: what is read after is laid out anew for it.
    const view = box.clientHeight;
    const width = this.head.clientWidth;
    const tall = seen.length * height;
    const gone = this.store.gone - this.gone;
    this.gone = this.store.gone;
    // What the reader looks at stays where it is when packets before it go.
    if (gone > 0 && !this.following.on) this.following.put(Math.max(0, box.scrollTop - gone * height));
    const top = this.following.on ? Math.max(0, tall - view) : box.scrollTop;
    if (tall !== this.tall) this.space.style.height = `${tall}px`;
    this.tall = tall;
    if (this.following.on) this.following.toEnd();
    const first = Math.max(0, Math.floor(top / height) - spare);
    const last = Math.min(seen.length, Math.ceil((top + view) / height) + spare);
    const visible = seen.slice(first, last);
    this.chooseLanes(visible, width);
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
      set(row, "aria-setsize", seen.length);
    });
    this.mark();
  }

  chooseLanes(visible, width) {
    this.lanes.room = Math.max(1, Math.floor(width / narrowest) - 1);
    const mine = (talk) => this.store.mine.has(talk.id);
    this.lanes.choose(new Set(visible.map((p) => p.talk)), this.store.talks, mine);
    const now = [language(), width, this.lanes.others, ...this.lanes.shown.map((talk) => `${talk.number} ${talk.name} ${mine(talk)}`)].join("\n");
    if (now === this.drawn) return; // as in almost every frame
    this.drawn = now;
    this.width = width;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    const names = this.lanes.shown.map((talk) =>
      element("span", { class: mine(talk) ? "lane-name mine" : "lane-name", title: clientName(talk) },
        element("bdi", {}, talk.name || port(talk.client)), element("small", {}, mine(talk) ? t("wire.mine") : talk.name ? port(talk.client) : "")));
    if (this.lanes.others) names.unshift(element("span", { class: "lane-name" }, t("wire.others", { n: this.lanes.others })));
    const server = this.lanes.shown[0]?.server;
    if (server) names.push(element("span", { class: "lane-name server" }, t("wire.server.short"), element("small", {}, port(server))));
    this.head.replaceChildren(...names);
  }

  row(packet) {
    const mine = this.store.isMine(packet);
    const row = element("div", { class: `packet${mine ? " mine" : ""}`, role: "option", id: `packet-${packet.n}`, "aria-selected": "false" },
      element("span", { class: "hidden" }, inWords(packet, mine)),
      element("span", { class: "when", "aria-hidden": "true" }, element("b", {}, packet.n), element("span", {}, timeOfDay(packet).slice(0, -3)), element("small", {}, sinceBefore(packet))),
      element("span", { class: "rungs", "aria-hidden": "true" }, arrow(packet, this.lanes, this.width, height, mine)),
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
    const at = this.store.seen.indexOf(this.selected);
    if (at < 0) return;
    this.following.set(false);
    const top = at * height;
    if (top < this.box.scrollTop) this.following.put(top);
    else if (top + height > this.box.scrollTop + this.box.clientHeight) this.following.put(top + height - this.box.clientHeight);
  }

  key(e) {
    const { seen } = this.store;
    if (!seen.length) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / height) - 1);
    const at = seen.indexOf(this.selected);
    const to = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? seen.length - 1 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: seen.length - 1,
    }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      const packet = seen[Math.max(0, Math.min(seen.length - 1, to))];
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
