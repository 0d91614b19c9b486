// The dialect of August 2014: no rooms, no heartbeat, members known by a uid.
// It gives the same events as today's (see today.js).

import { decode, decodeContent } from "./phptext.js";

export function v2014() {
  let list = null; // the members, told before our own login
  const names = new Map(); // a logout says the uid only

  return {
    heartbeat: false,
    all: "all",

    login: (name) => JSON.stringify({ type: "login", name }),

    say: (to, _name, text) => JSON.stringify({ type: "say", to_uid: to === "all" ? to : Number(to), content: text }),

    pong: () => null,

    read(m) {
      switch (m.type) {
        case "user_list":
          list = (Array.isArray(m.user_list) ? m.user_list : []).map((u) => ({ id: String(u?.uid), name: decode(u?.name) }));
          for (const { id, name } of list) names.set(id, name);
          return [];
        case "login": {
          const id = String(m.uid);
          names.set(id, decode(m.name));
          if (list === null) return [{ kind: "joined", id, name: decode(m.name), time: m.time }];
          const members = list;
          list = null;
          return [{ kind: "welcome", id, members, time: m.time }];
        }
        case "say": {
          const id = String(m.from_uid);
          return [{
            kind: "said", from: { id, name: names.get(id) ?? id },
            to: String(m.to_uid), text: decodeContent(m.content), time: m.time,
          }];
        }
        case "logout": {
          const id = String(m.uid);
          const name = names.get(id) ?? id;
          names.delete(id);
          return [{ kind: "left", id, name, time: m.time }];
        }
      }
      return [];
    },
  };
}
