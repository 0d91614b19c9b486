// Where the page begins.

import { byId } from "./dom.js";
import { secretOf } from "./net/secret.js";
import { language, ready, setLanguage } from "./texts.js";
import { startTheme } from "./theme.js";

const { chatPort, pagePort, dialect, edition, desk: hasDesk, wire: hasWire } = document.documentElement.dataset;
// Before anything else: nobody who looks on or loads the page again is to have it.
const token = hasDesk === undefined ? "" : secretOf(location, history, "token");

startTheme(byId("theme"));
const languageField = byId("language");
languageField.value = language();
languageField.addEventListener("change", () => setLanguage(languageField.value));

await ready;
// What follows speaks while it is loaded, so its texts must be there.
const { Chat } = await import("./chat/chat.js");
const { chatAddresses } = await import("./net/address.js");
const { permission } = await import("./net/permission.js");

let desk = null;
if (hasDesk !== undefined) {
  const { Desk } = await import("./desk/desk.js");
  desk = new Desk(token);
}

let wire = null;
if (hasWire === "true") {
  const { startWire } = await import("./wire/pane.js");
  wire = desk ? startWire("desk/wire", () => desk.arrived.then(() => "open")) : startWire("wire");
}

const asked = new URL(location.href).searchParams.get("dialect");
const chat = new Chat({
  urls: chatAddresses(location, pagePort, chatPort),
  gate: desk ? () => desk.gate() : () => permission(`edition/${edition ?? ""}`, Boolean(edition)),
  dialect: ["2014", "today"].includes(asked) ? asked : dialect,
  identified: (id) => wire?.identified(id),
  suggested: desk ? () => desk.nickname() : undefined,
});
desk?.start(chat);
chat.start();
dispatchEvent(new Event("started")); // to page/again.js
