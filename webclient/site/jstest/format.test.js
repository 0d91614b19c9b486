import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fill, number } from "../assets/js/format.js";

const thin = "\u202f";

test("an argument is filled in once, and as it is", () => {
  assert.equal(fill("{x} and {y}", { x: "{y}", y: 12345 }, "en"), "{y} and 12345");
  assert.equal(fill("{x} and # }", { x: "a" }, "en"), "a and # ");
  assert.equal(fill("{none}", {}, "en"), "{none}");
});

test("a number has its language's plural and signs", () => {
  const texts = {
    en: "{n, plural, one {# byte of {of}} other {# bytes of {of}}}.",
    fr: "{n, plural, one {# octet de {of}} other {# octets de {of}}}.",
    zh: "{of}的{n, plural, other {# 个字节}}。",
  };
  for (const [n, en, fr, zh] of [
    [0, "0 bytes of x.", "0 octet de x.", "x的0 个字节。"],
    [1, "1 byte of x.", "1 octet de x.", "x的1 个字节。"],
    [1.5, "1.5 bytes of x.", "1,5 octet de x.", "x的1.5 个字节。"],
    [4096, "4096 bytes of x.", "4096 octets de x.", "x的4096 个字节。"],
    [65536, "65,536 bytes of x.", `65${thin}536 octets de x.`, "x的65,536 个字节。"],
    [1e6, "1,000,000 bytes of x.", `1${thin}000${thin}000 octets de x.`, "x的1,000,000 个字节。"],
  ]) {
    const said = (lang) => fill(texts[lang], { n, of: "x" }, lang);
    assert.deepEqual([said("en"), said("fr"), said("zh")], [en, fr, zh]);
  }
  assert.equal(fill("{n, number}", { n: 12345 }, "fr"), `12${thin}345`);
  assert.equal(number(0.008, "fr"), "0,008");
});

test("every text of the page can be read", () => {
  for (const lang of ["en", "fr", "zh"]) {
    const texts = JSON.parse(readFileSync(new URL(`../texts/${lang}.json`, import.meta.url)));
    for (const [key, text] of Object.entries(texts)) {
      const args = Object.fromEntries([...text.matchAll(/\{([a-z]+)[,}]/g)].map(([, name]) => [name, 2]));
      const said = fill(text, args, lang);
      assert.doesNotMatch(said, /[{}#]/, `${lang}: ${key}: ${said}`);
    }
  }
});
