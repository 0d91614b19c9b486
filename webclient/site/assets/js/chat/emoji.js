// The emoji to choose from: characters like any other, so nothing is loaded.

import { element } from "../dom.js";

const emoji = [..."😀😂🙂😉😍😎🤔😮😢😡😴🤯👍👎👏🙏👋🤞💪🎉🧡🔥🌟💡🟢🔴🐞🚀🐷🐱🐧🐳🍀🌍🍵🍕🎵📷📡💻🔒🕒"];

export function startEmoji(panel, choose) {
  const buttons = emoji.map((e, i) =>
    element("button", { type: "button", tabindex: i ? -1 : 0, onclick: () => choose(e) }, e));
  panel.append(...buttons);
  // One stop for Tab, arrows within.
  panel.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const columns = getComputedStyle(panel).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    const next = buttons[at + step];
    if (!next) return;
    buttons[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "open") buttons.find((b) => b.tabIndex === 0).focus();
  });
}
