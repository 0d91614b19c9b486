// Who has a lifeline of the ladder, as in a sequence diagram. The server's is the
// last; a client's comes in the order of the connections. Where there are more
// clients than room, those in sight come first, then the newest, and the others
// share one.

export const narrowest = 42; // pixels

export class Lifelines {
  constructor() {
    this.shown = [];
    this.others = 0;
    this.room = 3;
  }

  // choose takes the conversations in sight and all there are.
  choose(inSight, all, isMine) {
    const conversations = [...all.values()];
    let most = this.room;
    if (conversations.length > most) most--; // one for the others
    const present = new Set(this.shown);
    const rank = (x) => (inSight.has(x) ? 4e9 : 0) + (isMine(x) ? 2e9 : 0) + (present.has(x) ? 1e9 : 0) + x.number;
    this.shown = conversations.sort((a, b) => rank(b) - rank(a)).slice(0, Math.max(1, most)).sort((a, b) => a.number - b.number);
    this.others = conversations.length - this.shown.length;
  }

  get count() {
    return this.shown.length + (this.others ? 1 : 0) + 1;
  }

  // place gives the middle of a lifeline, in lifelines: 0.5 is the middle of the first.
  place(conversation) {
    const i = this.shown.indexOf(conversation);
    return i < 0 ? 0.5 : i + (this.others ? 1 : 0) + 0.5;
  }

  get server() {
    return this.count - 0.5;
  }
}
