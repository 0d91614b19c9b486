// The student's part of a class: who they are, what they are to do, and how far the
// wire has seen them come. The state is the server's, whole each time; what is asked of
// it here comes back in the next state.

import { Events } from "../net/events.js";
import { permission } from "../net/permission.js";
import { post } from "../net/ask.js";
import { leave } from "./leave.js";
import { Panel } from "./panel.js";
import { Who } from "./who.js";

// So long the chat waits for the desk before it asks for a nickname.
const patience = 5000;

export class Desk {
  // token is what a student's own link brought, or "".
  constructor(token) {
    this.token = token;
    this.state = null;
    this.arrived = new Promise((done) => (this.arrive = done)); // the server knows this page
    this.settled = new Promise((done) => (this.settle = done)); // and we who it is, or cannot
    this.events = new Events("desk/events", { state: (state) => this.receive(state), lost: (why) => this.fail(why), refused: (why) => this.fail(why) });
    this.who = new Who((student) => this.me({ student }), () => {
      this.skipped = true;
      this.settle();
      this.panel.draw();
    });
  }

  async start(chat) {
    this.chat = chat;
    this.panel = new Panel(this);
    chat.named = () => this.panel.draw();
    setTimeout(() => this.settle(), patience);
    if (this.token) {
      try {
        await this.me({ token: this.token });
      } catch (e) {
        this.panel.say(e.message);
      }
    }
    this.events.start();
  }

  // fail says why the server tells nothing, until it does; "" is for no reason known.
  fail(why) {
    if (why === "") return;
    this.failed = true;
    this.panel.say(why);
  }

  // me says who we are: {student: id}, "" for nobody any more, or {token}.
  async me(body) {
    await post("desk/me", body);
    this.skipped = false;
    this.named = body.student !== ""; // the next states may not know it yet
  }

  // nickname gives the one to take, or "" when there is none.
  async nickname() {
    await this.settled;
    return this.state?.task?.nick ?? "";
  }

  receive(state) {
    if (this.round !== undefined && state.round !== this.round) this.leave();
    this.round ??= state.round;
    this.state = state;
    this.arrive();
    if (this.failed) this.panel.say("");
    this.failed = false;
    if (state.students === null || state.student !== "" || this.skipped) {
      this.who.close();
      this.settle();
    } else if (!this.named) this.who.ask(state.students);
    if (state.student !== "") this.named = false;
    this.chat.hold(state.paused ? "desk.paused" : state.muted ? "desk.muted" : "");
    this.panel.draw();
  }

  // leave goes to the page of the present round, if it is there: a server that ends
  // calls its round over, too. Its answer is gate's.
  async leave() {
    let there = false;
    try {
      there = (await fetch(location.href, { method: "HEAD", cache: "no-store" })).ok;
    } catch {
      // the server is away
    }
    if (!there) return "away";
    return leave(this.round, sessionStorage, () => location.reload()) ? new Promise(() => {}) : "over";
  }

  // gate lets the chat connect as long as our round is the present one, and has the
  // server know whose connection the next one is.
  async gate() {
    if (this.round === undefined) return "away";
    const answer = await permission(`desk/visit/${encodeURIComponent(this.round)}`, true, "elsewhere");
    // Where there is no desk it is another kind of lesson, which this tab must not join.
    if (answer === "elsewhere") return "over";
    return answer === "over" ? this.leave() : answer;
  }
}
