// Where the page begins.

import { byId } from "./dom.js";
import { language, ready, setLanguage } from "./texts.js";
import { startTheme } from "./theme.js";

startTheme(byId("theme"));
const languageField = byId("language");
languageField.value = language();
languageField.addEventListener("change", () => setLanguage(languageField.value));

await ready;
// What follows speaks while it is loaded, so its texts must be there.
const { Chat } = await import("./chat/chat.js");
const { chatAddresses } = await import("./net/address.js");
const { chatPort, pagePort, dialect, edition, wire: hasWire } = document.documentElement.dataset;

let wire = null;
if (hasWire === "true") {
  const { startWire } = await import("./wire/pane.js");
  wire = startWire();
}

const asked = new URL(location.href).searchParams.get("dialect");
new Chat({
  urls: chatAddresses(location, pagePort, chatPort),
  edition: edition ?? "",
  dialect: ["2014", "today"].includes(asked) ? asked : dialect,
  identified: (id) => wire?.identified(id),
}).start();
dispatchEvent(new Event("started")); // to page/again.js
