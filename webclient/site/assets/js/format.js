// Texts with arguments, as the catalogues have them: the part of ICU's message
// format that sniffer/catalogue reads too.
//
//   {name}                 the argument as it is
//   {n, number}            a quantity, grouped as the language does it
//   {n, plural, one {# packet} other {# packets}}
//                          the language's form for n; # is {n, number}

const formats = new Map();

function kept(kind, lang, options) {
  const key = `${kind.name} ${lang}`;
  if (!formats.has(key)) formats.set(key, new kind(lang, options));
  return formats.get(key);
}

// number writes a number as a language does, with groups from the fifth digit on.
export const number = (n, lang) => kept(Intl.NumberFormat, lang, { useGrouping: "min2", maximumFractionDigits: 20 }).format(n);

// fill gives a text with its arguments filled in.
export function fill(text, args, lang) {
  let at = 0;
  // upTo reads to the end or to a }. In a plural, # stands for n.
  const upTo = (n) => {
    let said = "";
    for (; at < text.length && text[at] !== "}"; at++) {
      if (text[at] === "{") said += argument();
      else said += text[at] === "#" && n !== undefined ? number(n, lang) : text[at];
    }
    return said;
  };
  // argument reads {…} up to its }.
  const argument = () => {
    const [head, name, kind] = /^\{([a-z]+)(?:, (number|plural,))?/.exec(text.slice(at)) ?? ["{"];
    const value = args[name];
    at += head.length;
    if (kind !== "plural,") return kind ? number(value, lang) : value ?? `{${name}}`;
    const forms = {};
    for (let form; (form = /^ ([a-z]+) \{/.exec(text.slice(at))); at++) {
      at += form[0].length;
      forms[form[1]] = upTo(value);
    }
    return forms[kept(Intl.PluralRules, lang).select(value)] ?? forms.other;
  };
  return upTo();
}
