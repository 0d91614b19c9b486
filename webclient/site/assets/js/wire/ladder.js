// The ladder: rows of packets, and of heartbeats that are folded. Only those in sight
// are in the document, so that thousands cost no more than twenty. To the keyboard and
// to a screen reader it is a tree whose items say in words what the arrows show; a fold
// is opened and closed as a tree's branch is.

import { byId, element } from "../dom.js";
import { Following } from "../following.js";
import { language, t } from "../texts.js";
import { arrow, rung } from "./arrow.js";
import { Lifelines, narrowest } from "./lifelines.js";
import { clientName, heartbeats, inWords, port, sinceBefore, timeOfDay } from "./words.js";

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
    this.rows = new Map(); // packet or fold -> row
    this.selected = null; // packet or fold
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
    const { rows } = this.store;
    const { box } = this;
    // Read before writing: what is read after is laid out anew for it.
    const view = box.clientHeight;
    const width = this.head.clientWidth;
    const tall = rows.length * height;
    const gone = this.store.gone - this.gone;
    this.gone = this.store.gone;
    // What the reader looks at stays where it is when packets before it go.
    if (gone > 0 && !this.following.on) this.following.put(Math.max(0, box.scrollTop - gone * height));
    const end = Math.max(0, tall - view); // a box that has become less tall scrolls back to it
    const top = this.following.on ? end : Math.min(end, box.scrollTop);
    if (tall !== this.tall) this.space.style.height = `${tall}px`;
    this.tall = tall;
    if (this.following.on) this.following.toEnd();
    const first = Math.max(0, Math.floor(top / height) - spare);
    const last = Math.min(rows.length, Math.ceil((top + view) / height) + spare);
    const visible = rows.slice(first, last);
    this.chooseLifelines(visible, width);
    const wanted = new Set(visible);
    for (const [packet, row] of this.rows) {
      // A fold grows, and opens.
      if (wanted.has(packet) && row.size === packet.packets?.length) continue;
      row.remove();
      this.rows.delete(packet);
    }
    visible.forEach((packet, i) => {
      let row = this.rows.get(packet);
      if (!row) {
        row = packet.packets ? this.fold(packet) : this.row(packet);
        this.rows.set(packet, row);
        this.space.append(row);
      }
      const top = `${(first + i) * height}px`;
      if (row.style.top !== top) row.style.top = top;
      set(row, "aria-posinset", packet.at);
      set(row, "aria-setsize", packet.fold ? packet.fold.packets.length : this.store.top);
    });
    this.mark();
  }

  chooseLifelines(visible, width) {
    this.lifelines.room = Math.max(1, Math.floor(width / narrowest) - 1);
    const mine = (conversation) => this.store.mine.has(conversation.id);
    this.lifelines.choose(new Set(visible.flatMap((p) => p.packets ?? p).map((p) => p.conversation)), this.store.conversations, mine);
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
    const row = element("div", { class: `packet${mine ? " mine" : ""}${packet.fold ? " folded" : ""}`, role: "treeitem", id: `packet-${packet.n}`, "aria-level": packet.fold ? 2 : 1, "aria-selected": "false" },
      element("span", { class: "hidden" }, inWords(packet, mine)),
      element("span", { class: "when", "aria-hidden": "true" }, element("b", {}, packet.n), element("span", {}, timeOfDay(packet).slice(0, -3)), element("small", {}, sinceBefore(packet))),
      element("span", { class: "rungs", "aria-hidden": "true" }, arrow(packet, this.lifelines, this.width, height, mine)),
      element("span", { class: "comment", "aria-hidden": "true" }, element("b", {}, packet.title.split(" · ")[0]), element("span", {}, packet.lines[0] ?? "")));
    row.packet = packet;
    return row;
  }

  fold(fold) {
    const { packets, open } = fold;
    const [first, last] = [packets[0], packets.at(-1)];
    const row = element("div", { class: "packet fold", role: "treeitem", id: `heartbeats-${first.n}`, "aria-level": 1, "aria-selected": "false", "aria-expanded": String(open) },
      element("span", { class: "hidden" }, heartbeats(fold)),
      element("span", { class: "when", "aria-hidden": "true" }, element("b", {}, first === last ? first.n : `${first.n}–${last.n}`), element("span", {}, timeOfDay(first).slice(0, -3))),
      element("span", { class: "rungs", "aria-hidden": "true" }, rung(this.lifelines, this.width, height)),
      element("span", { class: "comment", "aria-hidden": "true" }, element("b", {}, heartbeats(fold))));
    Object.assign(row, { packet: fold, size: packets.length });
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

  // select marks a packet or a fold. It shows the packet, and opens or closes the
  // fold, if open is true.
  select(packet, open) {
    this.selected = packet;
    if (packet.packets && open) {
      this.store.toggle(packet);
      this.redraw();
    }
    this.reveal(packet.open ? packet.packets.length : 0);
    this.drawNow();
    if (open && !packet.packets) this.open(packet);
    // A fold that is closed may bring the end back into sight.
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (packet.packets && scrollTop >= scrollHeight - clientHeight - 1) this.following.set(true);
  }

  // reveal scrolls what is selected into sight, and as many rows behind it as have room.
  reveal(behind = 0) {
    const at = this.store.rows.indexOf(this.selected);
    if (at < 0) return;
    this.following.set(false);
    const top = at * height;
    const room = this.box.clientHeight;
    if (top < this.box.scrollTop) this.following.put(top);
    else if (top + (behind + 1) * height > this.box.scrollTop + room) {
      this.space.style.height = `${this.store.rows.length * height}px`; // rows may be new
      this.following.put(Math.min(top, top + (behind + 1) * height - room));
    }
  }

  key(e) {
    const { rows } = this.store;
    if (!rows.length) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / height) - 1);
    const at = rows.indexOf(this.selected);
    const { packets, open, fold } = this.selected ?? {};
    const to = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? rows.length - 1 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1,
      ArrowRight: packets && open ? at + 1 : undefined, ArrowLeft: fold && rows.indexOf(fold),
    }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
      this.select(row, this.isOpen && !row.packets);
      if (e.key === "End" && !this.isOpen) {
        this.following.set(true);
        this.draw();
      }
    } else if (at >= 0 && (e.key === "Enter" || e.key === " " || packets && e.key === (open ? "ArrowLeft" : "ArrowRight"))) {
      e.preventDefault();
      this.select(this.selected, true);
    }
  }
}
