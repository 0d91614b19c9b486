// What is to be shown of a student's row, as words and numbers: no document here.

import { t } from "../texts.js";
import { whole } from "../steps.js";

// So long in one step, in seconds, is stuck.
export const patience = 60;

const units = [["h", 3600], ["min", 60], ["s", 1]];

// duration gives a time in seconds in its largest unit.
export function duration(seconds) {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["s", 1];
  return t(`time.${unit}`, { n: Math.max(0, Math.floor(seconds / size)) });
}

// ago says how long ago a time was; 0 is never. A page is asked every few seconds.
export function ago(time, now) {
  if (!time) return "–";
  return now - time < 5 ? t("time.now") : t("time.ago", { time: duration(now - time) });
}

// keyOf tells rows apart: a seat keeps its number, a student who has not come has none.
export const keyOf = ({ seat, id }) => (seat ? `seat ${seat}` : `id ${id}`);

// view gives what is shown of a row at the server's time now.
export function view(row, now) {
  const presence = row.connected ? "connected" : row.page ? "page" : "absent";
  const here = presence !== "absent";
  return {
    id: row.id || row.name || t("class.guest", { n: row.seat }),
    nick: row.id && row.name ? row.name : "",
    // Another nickname than the task's is why no step of it is found.
    wrong: Boolean(row.task && row.name && row.name !== row.task.nick && row.step === "login"),
    wanted: row.task?.nick ?? "",
    address: row.address ?? "",
    presence,
    muted: Boolean(row.muted),
    steps: whole(row.steps),
    heard: row.heard ?? 0,
    handed: row.handed?.files ? { ...row.handed } : null,
    seen: row.seat ? ago(row.seen, now) : "–",
    step: row.step ?? "",
    stuck: here && row.stuck >= patience ? duration(row.stuck) : "",
    here,
    done: Boolean(row.seat) && whole(row.steps).every(({ status }) => status === "found"),
    seat: row.seat,
    named: Boolean(row.seat && row.id),
  };
}

// counts sums the views up: who is here, done, stuck, and has handed in.
export function counts(views) {
  const n = (is) => views.filter(is).length;
  return {
    of: views.length, here: n((v) => v.here), done: n((v) => v.done), stuck: n((v) => v.stuck !== ""), handed: n((v) => v.handed !== null),
    steps: whole([]).map(({ id }, i) => ({ id, n: n((v) => v.steps[i]?.status === "found") })),
  };
}
