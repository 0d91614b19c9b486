// Handing in: the packets that the teacher's machine has of this page, or a file.

import { byId } from "../dom.js";
import { mark, t } from "../texts.js";
import { available, post, upload } from "../net/ask.js";
import { showTries, showVerdict } from "./verdict.js";

// What the server takes at most, in bytes; a larger file is not even sent.
export const largest = 64 << 20;

export class HandIn {
  // say shows a line to the reader.
  constructor(say) {
    this.say = say;
    this.sending = null; // an AbortController while something is sent
    byId("hand-in").addEventListener("click", () => this.send(() => post("desk/hand-in")));
    byId("hand-file").addEventListener("click", () => byId("hand-chosen").click());
    byId("hand-chosen").addEventListener("change", () => {
      const [file] = byId("hand-chosen").files;
      byId("hand-chosen").value = ""; // the same file may be chosen again
      if (file) this.file(file);
    });
    byId("desk-keep").addEventListener("click", (e) => this.keep(e));
    byId("hand-cancel").addEventListener("click", () => this.sending?.abort());
    byId("hand-verdict").addEventListener("click", () => showVerdict(this.answer));
  }

  // keep lets the browser fetch the packets, if there are any: it would not say why not.
  async keep(e) {
    const link = e.currentTarget;
    if (this.there) return (this.there = false);
    e.preventDefault();
    try {
      await available("desk/capture");
      this.there = true;
      link.click();
    } catch (e) {
      this.say(e.message);
    }
  }

  file(file) {
    if (file.size > largest) return this.say(t("desk.large", { name: file.name }));
    const progress = (sent, of) => (byId("hand-progress").value = of ? sent / of : 0);
    progress(0, 1);
    this.send((signal) => upload("desk/hand-in", file, progress, signal), file.name);
  }

  // send shows that something is on its way, and then the verdict.
  async send(act, name) {
    if (this.sending) return;
    this.sending = new AbortController();
    this.say("");
    mark(byId("hand-sending"), name === undefined ? "desk.checking" : "desk.sending", { name });
    byId("hand-bar").hidden = false;
    byId("hand-progress").hidden = byId("hand-cancel").hidden = name === undefined;
    try {
      const answer = await act(this.sending.signal);
      if (answer) {
        this.answer = answer;
        showVerdict(answer);
      }
    } catch (e) {
      this.say(e.message);
    }
    this.sending = null;
    byId("hand-bar").hidden = true;
    byId("hand-verdict").hidden = !this.answer;
  }

  draw(results, handed) {
    byId("desk-hand").hidden = !results;
    const tries = handed && handed.files > 0 ? t("desk.handed", { n: handed.files, found: handed.found, of: handed.of }) : "";
    byId("desk-handed").textContent = tries;
    showTries(tries);
  }
}
