// Where the teacher's page begins.

import { byId } from "../dom.js";
import { language, ready, setLanguage } from "../texts.js";
import { startTheme } from "../theme.js";

startTheme(byId("theme"));
const languageField = byId("language");
languageField.value = language();
languageField.addEventListener("change", () => setLanguage(languageField.value));

await ready;
dispatchEvent(new Event("started")); // to page/again.js
