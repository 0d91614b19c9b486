// What a server tells as it happens (Server-Sent Events), each time the whole state.
// The browser comes back by itself when the connection breaks, and gives up where the
// answer is an error: then it is asked why, and later again.

import { language, onLanguage } from "../texts.js";
import { address, reason } from "./ask.js";

const pause = 3000;

export class Events {
  // on: {state(object), lost(why), refused(why)}: no connection, and why if the server
  // says it; or we are not let in, and nothing more comes until start is called again.
  // After that many milliseconds of silence the server is taken for gone; 0: never.
  constructor(path, on, silence = 0) {
    Object.assign(this, { path, on, silence, source: null, timer: null, watchdog: null });
    this.language = language();
    onLanguage(() => {
      if (this.source && this.language !== language()) this.start();
    });
  }

  start() {
    clearTimeout(this.timer);
    this.source?.close();
    this.language = language();
    const source = new EventSource(address(this.path));
    this.source = source;
    this.heard();
    source.addEventListener("message", (e) => {
      if (source !== this.source) return;
      this.heard();
      this.on.state(JSON.parse(e.data));
    });
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.on.lost("");
      if (source.readyState === EventSource.CLOSED) this.why(source);
    });
  }

  // heard waits for the next word: the browser does not tell that a network is gone.
  heard() {
    clearTimeout(this.watchdog);
    if (!this.silence) return;
    this.watchdog = setTimeout(() => {
      this.on.lost("");
      this.start();
    }, this.silence);
  }

  // why finds out what an EventSource does not tell.
  async why(source) {
    clearTimeout(this.watchdog);
    const stop = new AbortController();
    let status = 0;
    let text = "";
    try {
      const answer = await fetch(address(this.path), { cache: "no-store", signal: stop.signal });
      status = answer.status;
      if (!answer.ok) text = await answer.text();
    } catch {
      // the server is away: it may come back
    }
    stop.abort();
    if (source !== this.source) return;
    if (status === 401 || status === 403) return this.on.refused(reason(status, text));
    if (status >= 400) this.on.lost(reason(status, text));
    this.timer = setTimeout(() => this.start(), pause * (0.75 + Math.random() / 2));
  }
}
