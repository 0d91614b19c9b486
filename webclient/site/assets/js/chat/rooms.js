// The rooms, by links that one can pass on: ?room_id=N.

import { byId, element } from "../dom.js";
import { mark } from "../texts.js";

const count = 4;

export function roomOf(address) {
  const asked = new URL(address).searchParams.get("room_id") ?? "";
  return /^[0-9]{1,9}$/.test(asked) ? Number(asked) : 1;
}

// startRooms calls enter with the number of the room that is asked for. The
// connection stays: a second login is how one changes rooms.
export function startRooms(enter) {
  const nav = byId("rooms");
  const show = () => {
    const here = roomOf(location.href);
    const rooms = Array.from({ length: count }, (_, i) => i + 1);
    if (!rooms.includes(here)) rooms.push(here);
    nav.replaceChildren(...rooms.map((n) => {
      const url = new URL(location.href);
      url.searchParams.set("room_id", n);
      return mark(element("a", {
        href: url.search, "aria-current": n === here ? "page" : null,
        onclick: (e) => {
          if (e.ctrlKey || e.metaKey || e.shiftKey) return;
          e.preventDefault();
          if (n === roomOf(location.href)) return;
          history.pushState(null, "", url);
          show();
          enter(n);
        },
      }), "room", { n });
    }));
  };
  addEventListener("popstate", () => {
    show();
    enter(roomOf(location.href));
  });
  show();
}
