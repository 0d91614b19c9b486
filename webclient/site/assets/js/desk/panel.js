// The panel above the messages: the task, the steps that the wire has seen, and handing
// in. It is drawn anew from the state; what can have the focus stays.

import { byId, element } from "../dom.js";
import { language, onLanguage, t } from "../texts.js";
import { insert } from "../chat/composer.js";
import { HandIn } from "./handin.js";
import { found, stepItem, whole } from "../steps.js";

export class Panel {
  constructor(desk) {
    this.desk = desk;
    this.box = byId("desk");
    // On a phone the chat comes first.
    this.box.open = matchMedia("(min-width: 40.001rem) and (min-height: 36rem)").matches;
    this.handIn = new HandIn((text) => this.say(text));
    byId("desk-who").addEventListener("click", () => this.forget());
    byId("desk-take").addEventListener("click", () => desk.chat.rename(desk.state.task.nick));
    byId("desk-insert").addEventListener("click", () => insert(desk.state.task.message));
    onLanguage(() => this.draw());
  }

  // say tells what became of something that was asked for; "" takes it back.
  say(text) {
    this.box.hidden = false;
    byId("desk-title").textContent ||= t("wire.scope.own");
    byId("desk-says").textContent = text;
    if (text) this.box.open = true;
  }

  // forget gives the student's place back, and so asks who it is.
  async forget() {
    this.desk.skipped = false;
    try {
      if (this.desk.state.student) await this.desk.me({ student: "" });
      else this.desk.receive(this.desk.state);
      this.say("");
    } catch (e) {
      this.say(e.message);
    }
  }

  draw() {
    const { state, chat } = this.desk;
    if (!state) return;
    this.box.hidden = false;
    const { student, students, task, handed, results } = state;
    const steps = whole(state.steps);
    byId("desk-title").textContent = t(task ? "desk.task" : "wire.scope.own");
    byId("desk-student").textContent = student;
    const summary = [t("desk.count", { n: found(steps), of: steps.length })];
    if (handed) summary.push(t("desk.handed.short", { found: handed.found, of: handed.of }));
    byId("desk-summary").textContent = summary.join(" · ");
    byId("desk-seen").hidden = false;
    byId("desk-me").hidden = students === null && student === "";
    byId("desk-you").replaceChildren(...student ? [t("desk.you"), " ", element("bdi", {}, student)] : [t("desk.nobody")]);
    byId("desk-who").textContent = t(student ? "desk.notme" : "desk.choose");
    byId("desk-todo").hidden = !task;
    byId("desk-nick").textContent = task?.nick ?? "";
    byId("desk-take").hidden = !task || chat.name === undefined || chat.name === task.nick;
    byId("desk-message").textContent = task?.message ?? "";
    const drawn = JSON.stringify([steps, language()]);
    if (drawn !== this.drawn) byId("desk-steps").replaceChildren(...steps.map(stepItem));
    this.drawn = drawn;
    this.handIn.draw(results, handed);
  }
}
