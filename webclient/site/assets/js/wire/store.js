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
    this.seen = [];
    this.talks = new Map(); // conversation number -> {number, client, server, name, id}
    this.byNumber = new Map();
    this.dropped = 0; // packets that were here and are no more, for want of room
    this.gone = 0; // those of them that were to be seen
  }

  // add takes packets as they come. It tells whether what was there before must
  // be drawn again: somebody got a name, or packets were dropped.
  add(packets) {
    let redraw = false;
    for (const p of packets) {
      let talk = this.talks.get(p.conversation);
      if (!talk) {
        talk = { number: p.conversation, client: p.client, server: p.server, name: "", id: "" };
        this.talks.set(p.conversation, talk);
      }
      if (p.name && p.name !== talk.name || p.id && p.id !== talk.id) {
        talk.name = p.name ?? talk.name;
        talk.id = p.id ?? talk.id;
        redraw = true;
      }
      p.talk = talk;
      p.before = this.all.at(-1)?.time;
      this.all.push(p);
      this.byNumber.set(p.n, p);
      if (this.shows(p)) this.seen.push(p);
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
    return this.mine.has(packet.talk.id);
  }

  shows(p) {
    return (!this.onlyMine || this.isMine(p)) && (!this.onlyData || p.payload > 0);
  }

  filter() {
    this.seen = this.all.filter((p) => this.shows(p));
  }

  get last() {
    return this.all.at(-1)?.n ?? 0;
  }
}
