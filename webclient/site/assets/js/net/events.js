// What a server tells as it happens (Server-Sent Events), each time the whole state.
// The browser comes back by itself when the connection breaks, and gives up where the
// answer is an error: then it is asked why, and later again.

import { language, onLanguage } from "../texts.js";
import { address, reason } from "./ask.js";

const pause = 3000;

export class Events {
  // on: {state(object), lost(), refused(why)}: no connection; the server does not let us
  // in, and nothing more will come until start is called again.
  constructor(path, on) {
    Object.assign(this, { path, on, source: null, timer: null });
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
    source.addEventListener("message", (e) => this.on.state(JSON.parse(e.data)));
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.on.lost();
      if (source.readyState === EventSource.CLOSED) this.why(source);
    });
  }

  // why finds out what an EventSource does not tell.
  async why(source) {
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
    if (status === 401 || status === 403) this.on.refused(reason(status, text));
    else this.timer = setTimeout(() => this.start(), pause * (0.75 + Math.random() / 2));
  }
}
