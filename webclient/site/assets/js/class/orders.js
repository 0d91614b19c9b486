// What the teacher has the class do. What holds is what the server says next.

import { byId } from "../dom.js";
import { post } from "../net/ask.js";
import { t } from "../texts.js";

export class Orders {
  constructor() {
    byId("pause").addEventListener("click", () => this.give("class/pause", { paused: !this.state.paused }));
    byId("share").addEventListener("click", () => this.give("class/wire", { all: this.state.wire !== "all" }));
    byId("next").addEventListener("click", () => {
      byId("ask").returnValue = "";
      byId("ask").showModal();
    });
    byId("ask").addEventListener("close", () => byId("ask").returnValue === "yes" && this.give("class/round", {}));
  }

  // give sends an order, and says what became of one that is refused.
  async give(path, body) {
    byId("says").textContent = "";
    try {
      await post(path, body);
    } catch (e) {
      byId("says").textContent = e.message;
    }
  }

  draw(state) {
    this.state = state;
    byId("pause").textContent = t(state.paused ? "class.goon" : "class.pause");
    byId("pause").classList.toggle("on", state.paused);
    byId("share").textContent = t(state.wire === "all" ? "class.own" : "class.share");
  }
}
