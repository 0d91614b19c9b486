// The view for a projector: large letters, and names only if wanted.

import { byId } from "../dom.js";

const root = document.documentElement;

function remembered() {
  try {
    return localStorage.getItem("names") ?? "names";
  } catch {
    return "names";
  }
}

export function startProjector() {
  const show = (on) => {
    root.dataset.view = on ? "projector" : "table";
    byId("projector").setAttribute("aria-pressed", on);
    byId("names-label").hidden = !on;
    name();
  };
  // name shows names, numbers in their place, or only how many have come how far.
  const name = () => (root.dataset.names = root.dataset.view === "projector" ? byId("names").value : "names");
  byId("projector").addEventListener("click", () => {
    const url = new URL(location.href);
    const on = url.searchParams.get("view") !== "projector";
    if (on) url.searchParams.set("view", "projector");
    else url.searchParams.delete("view");
    history.replaceState(null, "", url);
    show(on);
  });
  byId("names").value = remembered();
  if (!byId("names").value) byId("names").value = "names";
  byId("names").addEventListener("change", () => {
    name();
    try {
      localStorage.setItem("names", byId("names").value);
    } catch {
      // then it lasts as long as the page
    }
  });
  show(new URL(location.href).searchParams.get("view") === "projector");
}
