// Messages on their way. While there is no connection they wait here; what was
// sent but not yet heard back when a connection broke is shown as unconfirmed,
// because only the reader can know whether it may be said twice.

export class Outbox {
  constructor() {
    this.waiting = []; // {to, name, text}
    this.sent = [];
  }

  // heard forgets the first sent message that this echo confirms, and gives it.
  heard(to, text) {
    const at = this.sent.findIndex((m) => m.to === to && normal(m.text) === normal(text));
    return at < 0 ? undefined : this.sent.splice(at, 1)[0];
  }

  // broken gives what was sent and never heard back.
  broken() {
    return this.sent.splice(0);
  }
}

// Line breaks come back as the server's.
const normal = (s) => s.replace(/\r\n?/g, "\n").trim();
