// The dialogue that asks for a nickname, before the chat and whenever it is to
// change.

import { byId } from "../dom.js";
import { t } from "../texts.js";

const dialog = byId("nickname");
const input = byId("nickname-input");

function remembered() {
  try {
    return localStorage.getItem("nickname") ?? "";
  } catch {
    return "";
  }
}

// askNickname gives the name, or null when the dialogue was left by Escape and
// there was a name before. An empty name means guest. What is suggested stands in the
// field, in the place of the present name or of the one that is remembered.
export function askNickname(present, suggested) {
  return new Promise((resolve) => {
    input.value = suggested || (present ?? remembered());
    dialog.returnValue = "";
    dialog.showModal();
    input.select();
    dialog.oncancel = (e) => {
      if (present === undefined) e.preventDefault();
    };
    dialog.onclose = () => {
      if (present !== undefined && dialog.returnValue !== "enter") return resolve(null);
      const name = input.value.trim();
      try {
        localStorage.setItem("nickname", name);
      } catch {
        // then it is asked for again
      }
      resolve(name || t("guest"));
    };
  });
}
