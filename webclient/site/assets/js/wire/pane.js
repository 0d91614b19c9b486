// The wire's place on the page: beside the chat or below it, or hidden.

import { byId } from "../dom.js";
import { Wire } from "./wire.js";

// startWire shows the wire at path, seen from the page. gate is Connection's.
export function startWire(path, gate) {
  const button = byId("show-wire");
  const show = (on) => {
    button.setAttribute("aria-pressed", on);
    byId("wire").hidden = !on;
    byId("panes").classList.toggle("with-wire", on);
  };
  // On a phone the chat comes first.
  show(matchMedia("(min-width: 40.001rem)").matches);
  button.addEventListener("click", () => show(byId("wire").hidden));
  const wire = new Wire(path, gate);
  wire.start();
  return wire;
}
