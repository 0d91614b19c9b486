// Today's dialect: rooms, private messages and a heartbeat. A dialect writes what
// the member does and reads what the server tells, as events:
//
//   welcome {id, members}      we are in; members is a list of {id, name}
//   joined  {id, name, time}   somebody came, or took another name
//   said    {from, to, text, time}   to is "all" or somebody's id
//   left    {id, name, time}
//   refused {to, text, why}    what we said is not delivered: "paused" or "muted"
//   ping    {}                 to be answered with pong()

import { decode, decodeContent, withoutPrefix } from "./phptext.js";

export const today = {
  heartbeat: true,
  all: "all",

  login: (name, room) => JSON.stringify({ type: "login", client_name: name, room_id: room }),

  // The name of everybody is part of the protocol, not of the page's language.
  say: (to, name, text) =>
    JSON.stringify({ type: "say", to_client_id: to, to_client_name: to === "all" ? "所有人" : name, content: text }),

  pong: () => '{"type":"pong"}',

  read(m) {
    switch (m.type) {
      case "ping":
        return [{ kind: "ping" }];
      case "login": {
        const id = String(m.client_id);
        if (m.client_list === undefined) {
          return [{ kind: "joined", id, name: decode(m.client_name), time: m.time }];
        }
        // An object keeps the order of these keys: 20 digits are no array index.
        const members = Object.entries(m.client_list ?? {}).map(([id, name]) => ({ id, name: decode(name) }));
        return [{ kind: "welcome", id, members, time: m.time }];
      }
      case "say": {
        const toAll = m.to_client_id === "all";
        return [{
          kind: "said",
          from: { id: String(m.from_client_id), name: decode(m.from_client_name) },
          to: String(m.to_client_id),
          text: decodeContent(toAll ? m.content : withoutPrefix(m.content)),
          time: m.time,
        }];
      }
      case "refused":
        return [{ kind: "refused", to: decode(m.to_client_id), text: decodeContent(m.content), why: String(m.why) }];
      case "logout":
        return [{ kind: "left", id: String(m.from_client_id), name: decode(m.from_client_name), time: m.time }];
    }
    return [];
  },
};
