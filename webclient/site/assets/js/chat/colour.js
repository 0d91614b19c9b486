// A member's colour comes from its name, so that it is the same in every browser
// and after every reconnect. Only the hue varies: lightness is the style sheet's,
// which keeps the contrast.

export function hue(name) {
  let h = 2166136261; // FNV-1a
  for (const c of name) h = Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0;
  return (h % 18) * 20;
}

// initial is what stands for a member in a small circle.
export function initial(name) {
  const segments = Intl.Segmenter ? [...new Intl.Segmenter().segment(name.trim())].map((s) => s.segment) : [...name.trim()];
  return (segments[0] ?? "?").toUpperCase();
}
