// The chat: what the member does goes to the server, what the server tells goes
// to the page.

import { byId } from "../dom.js";
import { onLanguage, t } from "../texts.js";
import { Connection } from "../net/connection.js";
import { today } from "../net/today.js";
import { v2014 } from "../net/v2014.js";
import { holdComposer, startComposer } from "./composer.js";
import * as log from "./log.js";
import { Members } from "./members.js";
import { askNickname } from "./nickname.js";
import { Outbox } from "./outbox.js";
import { roomOf, startRooms } from "./rooms.js";

const closeCodes = [1001, 1008, 1009, 1012, 1013];

const isName = (host) => !/^[0-9.]+$|^\[|^(.*\.)?localhost$/.test(host);

export class Chat {
  // gate is Connection's. identified is called with our id whenever the server tells it.
  // suggested gives the nickname to take, when it is known, or "".
  constructor({ urls, gate, dialect, identified, suggested = async () => "" }) {
    this.newDialect = dialect === "2014" ? v2014 : () => today;
    this.dialect = this.newDialect();
    this.identified = identified;
    this.suggested = suggested;
    this.held = ""; // why nothing may be sent: a text's key
    this.members = new Members();
    this.outbox = new Outbox();
    this.inside = false; // the server has let us into the room
    this.room = roomOf(location.href);
    this.met = false; // the server has taken a connection of ours
    this.state = ["idle"];
    this.connection = new Connection(urls, {
      open: () => {
        this.met = true;
        this.login();
      },
      text: (text) => this.receive(text),
      closed: (code) => this.closed(code),
      state: (...state) => {
        this.state = state;
        this.showState();
      },
      over: () => this.over(),
    }, gate);
    this.connection.heartbeat = this.dialect.heartbeat;
  }

  async start() {
    onLanguage(() => this.showState());
    addEventListener("securitypolicyviolation", (e) => (this.blocked ||= e.effectiveDirective === "connect-src"));
    byId("retry").addEventListener("click", () => this.connection.retry());
    byId("rename").addEventListener("click", () => this.rename());
    startComposer((text) => this.say(this.members.target, text));
    byId("rooms").hidden = !this.dialect.heartbeat; // 2014 had one room
    startRooms((room) => this.enter(room));
    this.name = await askNickname(undefined, await this.suggested());
    this.showName();
    byId("message").focus();
    this.connection.connect();
  }

  login() {
    this.connection.send(this.dialect.login(this.name, this.room));
  }

  async rename(suggested) {
    const name = await askNickname(this.name, suggested);
    byId("message").focus();
    if (name === null || name === this.name) return;
    this.name = name;
    this.showName();
    this.login();
  }

  enter(room) {
    this.room = room;
    this.inside = false; // what is said meanwhile waits for the new room
    this.members.reset(null, []);
    log.clearMessages();
    this.login();
  }

  say(to, text) {
    const message = { to, name: this.members.name(to) ?? "", text };
    if (this.inside && !this.held && this.post(message)) return;
    message.item = log.pending(this.name, text, this.held || "waiting");
    this.outbox.waiting.push(message);
  }

  post(message) {
    if (!this.connection.send(this.dialect.say(message.to, message.name, message.text))) return false;
    this.outbox.sent.push(message);
    return true;
  }

  receive(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return; // not ours to understand
    }
    if (typeof message !== "object" || message === null) return;
    for (const event of this.dialect.read(message)) this[event.kind](event);
  }

  ping() {
    this.connection.send(this.dialect.pong());
  }

  welcome({ id, members, time }) {
    this.members.reset(id, members);
    const first = !this.inside;
    this.inside = true;
    this.connection.established();
    this.identified?.(id);
    if (first) {
      log.event("joined", { name: this.name }, time);
      this.flush();
    }
  }

  // hold keeps what is said from being sent until it is called with "".
  hold(why) {
    if (why === this.held) return;
    this.held = why;
    holdComposer(why);
    if (this.inside) this.flush();
  }

  // flush sends what was said while there was no connection. Whom it is for may
  // have another id by now.
  flush() {
    if (this.held) return;
    for (const message of this.outbox.waiting.splice(0)) {
      message.item.remove();
      if (message.to !== "all" && this.members.name(message.to) !== message.name) {
        message.to = this.members.find(message.name);
      }
      if (message.to === null) {
        log.pending(this.name, message.text, "gone", { name: message.name }, [["discard", () => {}]]);
      } else if (!this.post(message)) {
        this.say(message.to, message.text);
      }
    }
  }

  joined({ id, name, time }) {
    if (!this.inside) return; // of the room that we are leaving
    const before = this.members.set(id, name);
    if (before === undefined) log.event("joined", { name }, time);
    else if (before !== name) log.event("renamed", { name: before, other: name }, time);
  }

  left({ id, name, time }) {
    if (this.members.name(id) === undefined) return;
    log.event("left", { name: this.members.name(id) ?? name }, time);
    this.members.remove(id);
  }

  said({ from, to, text, time }) {
    if (!this.inside) return void this.outbox.heard(to, text);
    const mine = from.id === this.members.me;
    const kind = to === "all" ? "" : mine ? "to" : "from";
    let other;
    if (mine) {
      const sent = this.outbox.heard(to, text);
      other = this.members.name(to) ?? sent?.name ?? to;
    }
    log.said({ from: from.name, mine, kind, other, text, time });
  }

  refused({ to, text, why }) {
    const message = this.outbox.heard(to, text);
    // Without one the room has been left meanwhile, or the connection is another.
    if (message) this.undelivered(message, why === "muted" ? "refused.muted" : "refused.paused");
  }

  // undelivered shows a message that nobody got, for the reader to send again or not.
  undelivered(message, why) {
    log.pending(this.name, message.text, why, undefined, [["again", () => this.say(message.to, message.text)], ["discard", () => {}]]);
  }

  closed(code) {
    if (closeCodes.includes(code)) log.event(`close.${code}`);
    if (!this.met) this.unreached();
    this.met = true; // it is said once
    this.inside = false;
    this.dialect = this.newDialect();
    this.members.reset(null, []);
    for (const message of this.outbox.broken()) this.undelivered(message, "unconfirmed");
  }

  // unreached says what was tried and what may be in the way: a browser keeps from its
  // page why a WebSocket fails, and what a server answers that refuses it (403).
  unreached() {
    const { host, hostname, origin, protocol } = location;
    const [first] = this.connection.urls;
    // The page's policy names the host that its server was asked for (site.go).
    if (this.blocked) return log.event("state.host", { host });
    log.event("state.tried", { addresses: this.connection.urls.join(" · ") });
    if (protocol === "https:") log.event("state.forwarded", { url: first.replace(/^wss/, "https") });
    else log.event("state.away", { port: new URL(first).port || "80" });
    // A server refuses pages of names that are not its machine's.
    if (isName(hostname)) log.event("state.name", { host, origin });
  }

  // over: what the page was made for is over, and nothing that is said here goes
  // anywhere.
  over() {
    log.event("state.over");
    byId("composer").inert = true;
  }

  showName() {
    byId("rename").textContent = t("rename", { name: this.name });
    byId("rename").title = t("rename.hint");
    this.named?.(this.name);
  }

  showState() {
    const [name, seconds] = this.state;
    byId("state").dataset.state = name;
    byId("state-text").textContent = t(`state.${name}`, { n: seconds });
    byId("retry").hidden = name !== "waiting";
    if (this.name !== undefined) this.showName();
  }
}
