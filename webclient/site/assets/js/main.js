// Where the page begins.

import { byId } from "./dom.js";
import { language, ready, setLanguage } from "./texts.js";
import { startTheme } from "./theme.js";

startTheme(byId("theme"));
const languageField = byId("language");
languageField.value = language();
languageField.addEventListener("change", () => setLanguage(languageField.value));

await ready;
const { Chat } = await import("./chat/chat.js");

const { chatPort, dialect } = document.documentElement.dataset;
const scheme = location.protocol === "https:" ? "wss" : "ws";
const asked = new URL(location.href).searchParams.get("dialect");
const chat = new Chat({
  url: `${scheme}://${location.hostname}:${chatPort}/`,
  dialect: ["2014", "today"].includes(asked) ? asked : dialect,
});
chat.start();
