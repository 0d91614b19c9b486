// The field where a message is written: Enter sends, Ctrl+Enter (and
// Shift+Enter, as elsewhere) breaks the line.

import { byId } from "../dom.js";
import { mark } from "../texts.js";
import { startEmoji } from "./emoji.js";

const field = byId("message");
let held = false;

export function startComposer(send) {
  const submit = () => {
    const text = field.value.replace(/\s+$/, "");
    if (text === "" || held) return field.focus();
    send(text);
    field.value = "";
    grow();
    field.focus();
  };
  byId("composer").addEventListener("submit", (e) => {
    e.preventDefault();
    submit();
  });
  field.addEventListener("keydown", (e) => {
    // While an input method composes, Enter chooses a word; 229 is what some
    // browsers give for the Enter that ends it.
    if (e.key !== "Enter" || e.isComposing || e.keyCode === 229) return;
    if (e.shiftKey) return;
    e.preventDefault();
    if (e.ctrlKey || e.metaKey || e.altKey) insert("\n");
    else submit();
  });
  field.addEventListener("input", grow);
  startEmoji(byId("emoji"), (emoji) => {
    byId("emoji").hidePopover();
    insert(emoji);
  });
}

// holdComposer keeps what is written from being sent, and says why: the key of a text,
// or "" when it may be sent again.
export function holdComposer(why) {
  held = why !== "";
  byId("send").disabled = held;
  if (held) mark(byId("held"), why);
  else {
    delete byId("held").dataset.text;
    byId("held").textContent = "";
  }
}

export function insert(text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  grow();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
}
