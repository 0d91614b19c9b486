// The packets that have come, and those of them that are to be seen.

// So much a browser can hold; a lesson rarely gives as much.
export const most = 20000;

export class Store {
  constructor() {
    this.mine = new Set(); // ids that the server has given us
    this.onlyMine = false;
    this.onlyData = false;
    this.clear();
  }

  clear() {
    this.all = [];
    this.shown = [];
    this.conversations = new Map(); // conversation number -> {number, client, server, name, id}
    this.byNumber = new Map();
    this.dropped = 0; // packets that were here and are no more, for want of room
    this.gone = 0; // those of them that were to be seen
  }

  // add takes packets as they come. It tells whether what was there before must
  // be drawn again: somebody got a name, or packets were dropped.
  add(packets) {
    let redraw = false;
    for (const p of packets) {
      let conversation = this.conversations.get(p.conversation);
      if (!conversation) {
        conversation = { number: p.conversation, client: p.client, server: p.server, name: "", id: "" };
        this.conversations.set(p.conversation, conversation);
      }
      if (p.name && p.name !== conversation.name || p.id && p.id !== conversation.id) {
        conversation.name = p.name ?? conversation.name;
        conversation.id = p.id ?? conversation.id;
        redraw = true;
      }
      p.conversation = conversation; // and no longer its number
      p.before = this.all.at(-1)?.time;
      this.all.push(p);
      this.byNumber.set(p.n, p);
      if (this.shows(p)) this.shown.push(p);
    }
    if (this.all.length > most) {
      const old = this.all.splice(0, this.all.length - most + most / 10);
      for (const p of old) this.byNumber.delete(p.n);
      this.dropped += old.length;
      this.gone += old.filter((p) => this.shows(p)).length;
      redraw = true;
    }
    if (redraw) this.filter();
    return redraw;
  }

  isMine(packet) {
    return this.mine.has(packet.conversation.id);
  }

  shows(p) {
    return (!this.onlyMine || this.isMine(p)) && (!this.onlyData || p.payload > 0);
  }

  filter() {
    this.shown = this.all.filter((p) => this.shows(p));
  }

  get last() {
    return this.all.at(-1)?.n ?? 0;
  }
}
