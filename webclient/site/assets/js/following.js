// Following keeps a box that scrolls at its end while the reader is there, and
// leaves alone the reader who has scrolled up.
//
// A scroll event says that the box has moved, neither who moved it nor where its
// end was then: it comes with the next frame, when more may stand in the box. So
// what we and the layout move is noted as it happens, and only a move from there
// is the reader's.

const near = 48; // pixels from the end are at the end, to who scrolls down

export class Following {
  // changed is called when the box may have moved.
  constructor(box, content, changed) {
    Object.assign(this, { box, at: 0, view: 0, tall: 0 });
    this.set(true);
    box.addEventListener("scroll", () => {
      this.moved();
      changed();
    }, { passive: true });
    // A message, another language or a font makes the content another size; a
    // window, a keyboard on the screen or a longer draft the box. What the layout
    // has moved is known here, before the next scroll event.
    const sizes = new ResizeObserver(() => {
      if (this.on) this.toEnd();
      else this.laidOut();
      changed();
    });
    sizes.observe(box);
    sizes.observe(content);
  }

  // set says whether the end is followed. Then the browser need not hold in
  // place what the reader looks at when something above it goes away.
  set(on) {
    this.on = on;
    this.box.style.overflowAnchor = on ? "none" : "";
  }

  toEnd() {
    this.set(true);
    this.put(this.box.scrollHeight);
  }

  put(top) {
    this.box.scrollTop = top;
    this.note();
  }

  note() {
    this.at = this.box.scrollTop;
    this.view = this.box.clientHeight;
    this.tall = this.box.scrollHeight;
  }

  // laidOut follows again when the box has grown until its end is in sight.
  laidOut() {
    const before = this.at;
    this.note();
    if (this.at < before && this.at >= this.tall - this.view - 1) this.set(true);
  }

  // moved takes the reader's word: up is away from the end, however little, and
  // down to where the end was last drawn is back to it.
  moved() {
    const { scrollTop, clientHeight, scrollHeight } = this.box;
    // A box that has grown, or content that has shrunk, has moved by itself; the
    // observer is about to hear of it.
    if (clientHeight !== this.view || scrollHeight < this.tall) return;
    const by = scrollTop - this.at;
    if (Math.abs(by) <= 1) return;
    this.at = scrollTop;
    this.set(by > 0 ? scrollTop >= this.tall - clientHeight - near : scrollTop >= scrollHeight - clientHeight - 1);
  }
}
