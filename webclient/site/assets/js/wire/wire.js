// The wire: live packets beside the chat that makes them.

import { byId, element } from "../dom.js";
import { language, onLanguage, t } from "../texts.js";
import { Connection } from "../net/connection.js";
import { Detail } from "./detail.js";
import { Ladder } from "./ladder.js";
import { pcap, save } from "./pcap.js";
import { Scope } from "./scope.js";
import { most, Store } from "./store.js";

export class Wire {
  constructor(path, gate) {
    this.path = path;
    this.scope = new Scope(() => this.connection.renew());
    this.store = new Store();
    this.ladder = new Ladder(this.store, (packet) => this.open(packet));
    this.detail = new Detail(() => {
      this.ladder.isOpen = false;
      this.ladder.redraw();
      byId("ladder").focus();
    });
    this.paused = null; // packets that wait while the reader looks
    this.lost = 0;
    this.status = {};
    this.state = "idle";
    this.connection = new Connection([], {
      open: () => {},
      text: (text) => this.receive(JSON.parse(text)),
      closed: () => {},
      state: (name) => {
        this.state = name;
        if (name === "connecting") this.address();
        this.tell();
      },
    }, gate);
    this.connection.heartbeat = false;
  }

  start() {
    const toggle = (id, act) => byId(id).addEventListener("click", () => {
      const on = byId(id).getAttribute("aria-pressed") !== "true";
      byId(id).setAttribute("aria-pressed", on);
      act(on);
    });
    toggle("only-mine", (on) => this.filter("onlyMine", on));
    toggle("only-data", (on) => this.filter("onlyData", on));
    toggle("no-heartbeats", (on) => this.filter("noHeartbeats", on));
    toggle("pause", (on) => this.pause(on));
    byId("clear").addEventListener("click", () => this.clear());
    // All that is here: what the filters hide and what waits is none the less captured.
    byId("download").addEventListener("click", () => save(pcap([...this.store.all, ...this.paused ?? []]), "chatlab.pcap"));
    this.started = true;
    this.address();
    this.connection.connect();
    onLanguage(() => {
      this.connection.send(JSON.stringify({ lang: language() }));
      this.ladder.redraw();
      if (this.detail.packet) this.detail.show(this.detail.packet);
      this.tell();
    });
  }

  // address says what we have, so that a new connection goes on from there.
  address() {
    const last = this.paused?.at(-1)?.n ?? this.store.last;
    const after = this.run && last ? `&run=${this.run}&after=${last}` : "";
    const url = new URL(`${this.path}?lang=${language()}${after}${this.scope.query}`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.connection.urls = [url.href];
  }

  // identified takes the id that the chat server has given us: what it tells its
  // owner passes the wire too, and that is how our packets are known.
  identified(id) {
    this.store.mine.add(id);
    this.store.filter();
    this.ladder.redraw();
  }

  receive(m) {
    switch (m.type) {
      case "local-only":
      case "by-name":
        this.refused = m.type;
        this.shared = false; // as it may have been with the server before
        break;
      case "hello":
        this.refused = "";
        this.shared = m.shared;
        if (this.scope.told(m) || m.run !== this.run) {
          this.run = m.run;
          this.lost = 0;
          this.reset();
        }
        this.connection.established();
        break;
      case "status":
        this.status = m;
        break;
      case "packets":
        this.lost += m.lost ?? 0;
        if (this.paused) this.wait(m.packets);
        else this.add(m.packets);
        break;
      case "comments":
        this.translate(m.comments);
        break;
    }
    this.tell();
  }

  add(packets) {
    if (this.store.add(packets)) this.ladder.redraw();
    else this.ladder.draw();
  }

  // wait keeps packets for the end of the pause, as many as can be shown.
  wait(packets) {
    this.paused.push(...packets);
    if (this.paused.length > most) this.store.dropped += this.paused.splice(0, this.paused.length - most).length;
  }

  translate(comments) {
    for (const { n, title, lines } of comments) {
      const packet = this.store.byNumber.get(n) ?? this.paused?.find((p) => p.n === n);
      if (packet) Object.assign(packet, { title, lines });
    }
    this.ladder.redraw();
    if (this.detail.packet) this.detail.show(this.detail.packet);
  }

  filter(name, on) {
    this.store[name] = on;
    this.store.filter();
    this.ladder.following.set(true);
    this.ladder.redraw();
    this.tell();
  }

  pause(on) {
    const waited = this.paused;
    this.paused = on ? [] : null;
    if (waited) this.add(waited);
    this.tell();
  }

  clear() {
    if (this.paused) this.paused = [];
    this.reset();
    this.tell();
  }

  reset() {
    this.store.clear();
    this.detail.hide();
    this.ladder.isOpen = false;
    this.ladder.selected = null;
    this.ladder.following.set(true);
    this.ladder.redraw();
  }

  open(packet) {
    this.ladder.isOpen = true;
    this.detail.show(packet);
    byId("opened-title").scrollIntoView({ block: "nearest" });
  }

  // tell says in words how things are, once a frame at most.
  tell() {
    this.telling ||= requestAnimationFrame(() => {
      this.telling = 0;
      this.tellNow();
    });
  }

  tellNow() {
    const { store } = this;
    const count = [t("wire.count", { n: store.shown.length, of: store.all.length })];
    if (store.hidden) count.push(t("wire.hidden", { n: store.hidden }));
    byId("wire-count").textContent = count.join(" · ");
    const lines = [];
    if (this.refused) lines.push(t(this.refused === "by-name" ? "wire.name" : "wire.local", { host: location.hostname }));
    else if (this.state === "waiting" || this.state === "connecting" && this.run && this.connection.failures) lines.push(t("wire.away"));
    else if (this.run && !this.status.running) lines.push(...(this.status.text ?? [t(this.status.ended ? "wire.ended" : "wire.nosource")]));
    lines.push(...this.scope.lines());
    if (this.shared) lines.push(t("wire.shared"));
    if (this.lost) lines.push(t("wire.lost", { n: this.lost }));
    if (store.dropped) lines.push(t("wire.dropped", { n: store.dropped, most }));
    if (this.paused) lines.push(t("wire.paused", { n: this.paused.length }));
    else if (store.shown.length === 0 && this.status.running) lines.push(t(store.all.length ? "wire.filtered" : "wire.quiet"));
    const box = byId("wire-notice");
    const now = lines.join("\n");
    if (now === this.told) return; // a screen reader would say it again
    this.told = now;
    box.hidden = lines.length === 0;
    box.replaceChildren(...lines.map((l) => element("p", {}, l)));
  }
}
