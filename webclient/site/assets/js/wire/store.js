// The packets that have come, those of them that are to be seen, and in which rows:
// heartbeats that follow one another are one row, a fold, which can be opened.

// So much a browser can hold; a lesson rarely gives as much.
export const most = 20000;

export class Store {
  constructor() {
    this.mine = new Set(); // ids that the server has given us
    this.onlyMine = false;
    this.onlyData = false;
    this.noHeartbeats = false;
    this.clear();
  }

  clear() {
    this.all = [];
    this.start();
    this.conversations = new Map(); // conversation number -> {number, client, server, name, id}
    this.byNumber = new Map();
    this.dropped = 0; // packets that were here and are no more, for want of room
    this.gone = 0; // rows that went with them
  }

  // start begins anew with what is to be seen.
  start() {
    this.shown = [];
    this.rows = []; // a packet, or a fold: {packets, open, at}
    this.top = 0; // rows that are in no fold
    this.hidden = 0; // heartbeats that noHeartbeats alone hides
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
      this.all.push(p);
      this.byNumber.set(p.n, p);
      this.place(p);
    }
    if (this.all.length > most) {
      const old = this.all.splice(0, this.all.length - most + most / 10);
      for (const p of old) this.byNumber.delete(p.n);
      this.dropped += old.length;
      const last = old.at(-1).n;
      this.gone += this.rows.filter((row) => (row.packets?.at(-1) ?? row).n <= last).length;
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

  // place gives a packet its row, behind those of all before it.
  place(p) {
    if (!this.shows(p)) return;
    if (p.heartbeat && this.noHeartbeats) {
      this.hidden++;
      return;
    }
    const before = this.shown.at(-1);
    this.shown.push(p);
    if (!p.heartbeat) {
      this.row(p, ++this.top);
      return;
    }
    if (!before?.heartbeat) this.unfold(p);
    else p.fold = before.fold;
    p.fold.packets.push(p);
    if (p.fold.open) this.row(p, p.fold.packets.length);
  }

  // unfold begins a fold with p, or begins it anew.
  unfold(p) {
    if (p.fold?.packets[0] !== p) p.fold = { open: p.fold?.open ?? false };
    p.fold.packets = [];
    p.fold.at = ++this.top;
    this.rows.push(p.fold);
  }

  // row has a packet seen: it has a time since the one that is seen before it.
  row(p, at) {
    p.at = at;
    p.before = this.rows.findLast((row) => !row.packets)?.time;
    this.rows.push(p);
  }

  // toggle opens a fold, or closes it.
  toggle(fold) {
    fold.open = !fold.open;
    this.filter();
  }

  filter() {
    this.start();
    for (const p of this.all) this.place(p);
  }

  get last() {
    return this.all.at(-1)?.n ?? 0;
  }
}
