// The field where a message is written: Enter sends, Ctrl+Enter (and
// Shift+Enter, as elsewhere) breaks the line.

import { byId } from "../dom.js";
import { startEmoji } from "./emoji.js";

const field = byId("message");

export function startComposer(send) {
  const submit = () => {
    const text = field.value.replace(/\s+$/, "");
    if (text === "") return field.focus();
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

function insert(text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  grow();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
}
