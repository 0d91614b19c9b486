import assert from "node:assert/strict";
import { test } from "node:test";

import { today } from "../assets/js/net/today.js";
import { v2014 } from "../assets/js/net/v2014.js";

const time = "2014-08-15 11:58:36";

test("today's dialect: what is written", () => {
  assert.deepEqual(JSON.parse(today.login("anna", "1")), { type: "login", client_name: "anna", room_id: "1" });
  assert.deepEqual(JSON.parse(today.say("all", "", "hi,  all !")), { type: "say", to_client_id: "all", to_client_name: "所有人", content: "hi,  all !" });
  assert.deepEqual(JSON.parse(today.say("7f", "bob", "psst")), { type: "say", to_client_id: "7f", to_client_name: "bob", content: "psst" });
  assert.equal(today.pong(), '{"type":"pong"}');
});

test("today's dialect: what is read", () => {
  const a = "7f00000108fc00000001";
  const b = "7f00000108fc00000002";
  assert.deepEqual(today.read({ type: "ping" }), [{ kind: "ping" }]);
  assert.deepEqual(today.read({ type: "login", client_id: b, client_name: "x", client_list: { [b]: "x", [a]: "&lt;y&gt;" }, time }),
    [{ kind: "welcome", id: b, members: [{ id: b, name: "x" }, { id: a, name: "<y>" }], time }]);
  assert.deepEqual(today.read({ type: "login", client_id: a, client_name: "y", time }), [{ kind: "joined", id: a, name: "y", time }]);
  assert.deepEqual(today.read({ type: "say", from_client_id: a, from_client_name: "y", to_client_id: "all", content: "1 &lt; 2", time }),
    [{ kind: "said", from: { id: a, name: "y" }, to: "all", text: "1 < 2", time }]);
  assert.deepEqual(today.read({ type: "say", from_client_id: a, from_client_name: "y", to_client_id: b, content: "<b>对你说: </b>psst", time })[0].text, "psst");
  assert.deepEqual(today.read({ type: "refused", why: "paused", to_client_id: "all", content: "1 &lt;<br />\n2", time }),
    [{ kind: "refused", to: "all", text: "1 <\n2", why: "paused" }]);
  assert.deepEqual(today.read({ type: "logout", from_client_id: a, from_client_name: "y", time }), [{ kind: "left", id: a, name: "y", time }]);
});

test("2014's dialect: what is written", () => {
  const dialect = v2014();
  assert.deepEqual(JSON.parse(dialect.login("mynick", "1")), { type: "login", name: "mynick" });
  assert.deepEqual(JSON.parse(dialect.say("all", "", "hi,  all !")), { type: "say", to_uid: "all", content: "hi,  all !" });
  assert.deepEqual(JSON.parse(dialect.say("782", "", "x")), { type: "say", to_uid: 782, content: "x" });
  assert.equal(dialect.pong(), null);
});

test("2014's dialect: the list before the own login is the welcome", () => {
  const dialect = v2014();
  assert.deepEqual(dialect.read({ type: "user_list", user_list: [{ uid: 1, name: "a&amp;b" }, { uid: 2, name: "mynick" }] }), []);
  assert.deepEqual(dialect.read({ type: "login", uid: 2, name: "mynick", time }),
    [{ kind: "welcome", id: "2", members: [{ id: "1", name: "a&b" }, { id: "2", name: "mynick" }], time }]);
  assert.deepEqual(dialect.read({ type: "login", uid: 3, name: "c", time }), [{ kind: "joined", id: "3", name: "c", time }]);
  assert.deepEqual(dialect.read({ type: "say", from_uid: 1, to_uid: "all", content: "x", time })[0].from, { id: "1", name: "a&b" });
  assert.deepEqual(dialect.read({ type: "logout", uid: 1, time }), [{ kind: "left", id: "1", name: "a&b", time }]);
  assert.deepEqual(dialect.read({ type: "logout", uid: 1, time })[0].name, "1", "who is gone has no name any more");
});

test("what no dialect knows is nothing, and nothing breaks it", () => {
  for (const dialect of [today, v2014()]) {
    assert.deepEqual(dialect.read({ type: "dance" }), []);
    assert.deepEqual(dialect.read({}), []);
  }
  const dialect = v2014();
  assert.deepEqual(dialect.read({ type: "user_list", user_list: "none" }), []);
  assert.deepEqual(dialect.read({ type: "user_list", user_list: [null] }), []);
  assert.deepEqual(today.read({ type: "login", client_id: "1", client_list: null })[0].members, []);
});
