// The class as a table, in the server's order. A student's row stays the same element,
// whatever happens to it, so that focus and pointer keep to whom they are on.

import { byId, element } from "../dom.js";
import { stepName } from "../steps.js";
import { language, t } from "../texts.js";
import { arrange } from "./arrange.js";
import { Row } from "./row.js";
import { counts, keyOf, view } from "./view.js";

// The rows are drawn at most so often, in milliseconds.
const pause = 1000;

export class Table {
  // give sends an order to the server.
  constructor(give) {
    Object.assign(this, { give, rows: new Map(), body: byId("rows"), last: -pause, timer: null });
  }

  // take draws the state, or the newest one in a while if it has just drawn one.
  take(state) {
    this.state = state;
    const wait = this.last + pause - performance.now();
    if (wait <= 0 || this.language !== language()) this.draw();
    else this.timer ??= setTimeout(() => this.draw(), wait);
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = null;
    this.last = performance.now();
    this.language = language();
    const { rows, now } = this.state;
    const views = rows.map((row) => view(row, now));
    const wanted = rows.map((row, i) => this.row(keyOf(row), views[i]));
    const seen = new Set(rows.map(keyOf));
    for (const [key, row] of this.rows) {
      if (seen.has(key)) continue;
      row.line.remove();
      this.rows.delete(key);
    }
    // Nobody's button slips away under the pointer.
    if (!matchMedia("(hover: hover)").matches || !this.body.querySelector("button:hover")) {
      arrange(this.body, wanted.map((row) => row.line), document.activeElement?.closest?.("#rows > tr"));
    }
    this.head(counts(views));
    byId("nobody").hidden = rows.length > 0;
    this.body.style.setProperty("--rows", rows.length);
  }

  row(key, view) {
    let row = this.rows.get(key);
    if (!row) {
      row = new Row(this.rows.size ? Math.max(...[...this.rows.values()].map((r) => r.number)) + 1 : 1, this.give);
      this.rows.set(key, row);
      this.body.append(row.line);
    }
    row.draw(view);
    return row;
  }

  // head says what the columns are, and how many have come how far.
  head(sum) {
    byId("summary").textContent = [
      t("class.here", { n: sum.here, of: sum.of }), t("class.done", { n: sum.done }),
      t("class.stuck", { n: sum.stuck }), t("class.handedin", { n: sum.handed }),
    ].join(" · ");
    const drawn = JSON.stringify([language(), sum]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const column = (kind, ...content) => element("th", { scope: "col", role: "columnheader", class: kind }, ...content);
    byId("head").replaceChildren(
      column("who", t("class.student")),
      ...sum.steps.map(({ id, n }) => column("at", element("span", { class: "step-name" }, stepName(id)), " ", element("b", { class: "tally" }, t("class.of", { n, of: sum.of })))),
      column("heard", t("class.heard")), column("handed", t("class.handed")), column("seen", t("class.seen")),
      column("where", t("class.where")), column("acts", element("span", { class: "hidden" }, t("class.acts"))));
  }
}
