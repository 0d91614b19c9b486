// Small helpers for the document. Nothing here takes markup: every text becomes
// a text node, whatever it looks like.

export const byId = (id) => document.getElementById(id);

// element("p", {class: "x", onclick: f}, "text", child) makes an element.
export function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, "");
    else if (value !== false && value != null) e.setAttribute(name, value);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}
