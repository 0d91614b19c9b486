// The page's texts, in the language that the reader chose. The server wrote the
// page in that language already; here are the texts that come later.

import { fill } from "./format.js";

const root = document.documentElement;
const catalogues = {};
let current = root.lang;
const listeners = [];

export const language = () => current;
export const languages = ["en", "fr", "zh"];

async function load(lang) {
  catalogues[lang] ??= await (await fetch(`${root.dataset.base}/texts/${lang}.json`)).json();
}

export const ready = load(current);

// has tells whether there is a text of that key.
export const has = (key) => catalogues[current]?.[key] !== undefined;

// t("joined", {name: "alice"}) is the text of a key, its arguments filled in. One
// that is missing is shown to be missing, and is an error in the tests.
export function t(key, args = {}) {
  if (!has(key)) {
    console.error(`no text for ${key} in ${current}`);
    return `[no text for ${key}]`;
  }
  return fill(catalogues[current][key], args, current);
}

// onLanguage calls f now and whenever the language changes.
export function onLanguage(f) {
  listeners.push(f);
  f();
}

export async function setLanguage(lang) {
  if (!languages.includes(lang)) return;
  await load(lang);
  current = lang;
  root.lang = lang;
  document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=strict`;
  translate(document);
  for (const f of listeners) f();
}

// mark gives an element a text that follows the language.
export function mark(e, key, args) {
  e.dataset.text = key;
  if (args) e.dataset.args = JSON.stringify(args);
  e.textContent = t(key, args);
  return e;
}

// label does the same for the name of an element that shows no text.
export function label(e, key, args) {
  e.dataset.label = key;
  if (args) e.dataset.args = JSON.stringify(args);
  e.setAttribute("aria-label", t(key, args));
  return e;
}

export function translate(within) {
  const args = (e) => JSON.parse(e.dataset.args ?? "{}");
  for (const e of within.querySelectorAll("[data-text]")) e.textContent = t(e.dataset.text, args(e));
  for (const e of within.querySelectorAll("[data-placeholder]")) e.placeholder = t(e.dataset.placeholder);
  for (const e of within.querySelectorAll("[data-label]")) {
    e.setAttribute("aria-label", t(e.dataset.label, args(e)));
    if (e.title) e.title = t(e.dataset.label, args(e));
  }
}
