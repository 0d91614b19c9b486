// Where the teacher's page begins.

import { byId } from "../dom.js";
import { post } from "../net/ask.js";
import { Events } from "../net/events.js";
import { secretOf } from "../net/secret.js";
import { language, onLanguage, ready, setLanguage, t } from "../texts.js";
import { startTheme } from "../theme.js";
import { Orders } from "./orders.js";
import { startProjector } from "./projector.js";
import { Table } from "./table.js";
import { duration } from "./view.js";

// Before anything else: nobody who looks on is to have it.
const key = secretOf(location, history, "key");

startTheme(byId("theme"));
const languageField = byId("language");
languageField.value = language();
languageField.addEventListener("change", () => setLanguage(languageField.value));

await ready;

let state = null;
let connection = "connecting";
const orders = new Orders();
const table = new Table((path, body) => orders.give(path, body));
startProjector();

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString(language());

function draw() {
  byId("state").dataset.state = connection;
  byId("state-text").textContent = connection === "waiting" && state ? t("class.away", { time: clock(state.now) }) : t(`state.${connection === "waiting" ? "connecting" : connection}`);
  if (!state) return;
  const lines = [t("class.round", { n: state.round, time: duration(state.now - state.since) })];
  if (state.paused) lines.push(t("class.paused"));
  if (state.dropped) lines.push(t("class.dropped", { n: state.dropped }));
  byId("round-text").textContent = lines.join(" · ");
  orders.draw(state);
  table.take(state);
  byId("log-box").hidden = !state.log?.length;
  const log = (state.log ?? []).map(({ time, text }) => `${clock(time)} ${text}`).join("\n");
  if (byId("log").dataset.drawn !== log) {
    byId("log").dataset.drawn = log;
    byId("log").replaceChildren(...log.split("\n").map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }
}

// open shows the lesson or, where we are not let in, why.
function open(why) {
  byId("locked").hidden = why === "";
  byId("locked").textContent = why;
  byId("lesson").hidden = byId("projector").hidden = why !== "";
}

const events = new Events("class/events", {
  state: (now) => {
    state = now;
    connection = "open";
    open("");
    draw();
  },
  lost: () => {
    connection = "waiting";
    draw();
  },
  refused: (why) => {
    state = null;
    connection = "idle";
    draw();
    open(why);
  },
}, 15000); // it tells the time once a second
onLanguage(draw);
let refused = "";
if (key) {
  try {
    await post("class/enter", { key });
  } catch (e) {
    refused = e.message;
  }
}
if (refused) open(refused);
events.start();
dispatchEvent(new Event("started")); // to page/again.js
